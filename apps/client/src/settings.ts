import {
  type AppDescription,
  commonSettings,
  issuer,
  origin,
  publicOrigin,
} from '@keybound/app-kit';
import { type CleanedEnv, str } from 'envalid';

/** The account of the demonstration, whose password everybody may know. */
export const PUBLISHED_ACCOUNT = { username: 'alice', password: 'demo-password-of-alice' };

const spec = {
  ...commonSettings(4002),
  PUBLIC_ORIGIN: publicOrigin.spec('The origin of the lab.'),
  DESK_ORIGIN: origin({
    default: '',
    desc: "The origin of the attacker's desk: another name for the same server. Default: http://127.0.0.1:PORT",
  }),
  ISSUER: issuer({ default: 'http://localhost:4000', desc: 'The authorization server.' }),
  RESOURCE: origin({ default: 'http://localhost:4001', desc: 'The resource server under attack.' }),
  API_KEY: str({ default: 'demo-api-key-of-the-notes-api', desc: 'The key of the api-key lane.' }),
  OPAQUE_CLIENT_ID: str({ default: 'notes-opaque', desc: 'The client of the opaque bearer lane.' }),
  OPAQUE_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-opaque', desc: 'Its secret.' }),
  JWT_CLIENT_ID: str({ default: 'notes-jwt', desc: 'The client of the JWT bearer lane.' }),
  JWT_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-jwt', desc: 'Its secret.' }),
  DPOP_CLIENT_ID: str({ default: 'notes-dpop', desc: 'The client of the DPoP lanes.' }),
  DPOP_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-dpop', desc: 'Its secret.' }),
  OPAQUE_APP_ID: str({
    default: 'notes-app-opaque',
    desc: 'The public client with which a person signs in in the opaque bearer lane.',
  }),
  JWT_APP_ID: str({
    default: 'notes-app-bearer',
    desc: 'The same in the JWT bearer lane.',
  }),
  DPOP_APP_ID: str({ default: 'notes-app', desc: 'The same in the DPoP lanes.' }),
  LAB_OPAQUE_APP_ID: str({
    default: 'notes-lab-opaque',
    desc: 'The public client of the lab with opaque bearer tokens.',
  }),
  LAB_JWT_APP_ID: str({
    default: 'notes-lab-bearer',
    desc: 'The public client of the lab with JWT bearer tokens.',
  }),
  LAB_DPOP_APP_ID: str({
    default: 'notes-lab',
    desc: 'The public client of the lab with tokens that are bound to a key.',
  }),
  WEB_CLIENT_ID: str({
    default: 'notes-web',
    desc: 'The confidential client with which a person signs in in the DPoP lanes.',
  }),
  WEB_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-web', desc: 'Its secret.' }),
  ACCOUNT_NAME: str({ default: PUBLISHED_ACCOUNT.username, desc: 'Who signs in.' }),
  ACCOUNT_PASSWORD: str({ default: PUBLISHED_ACCOUNT.password, desc: 'And with which password.' }),
};

/** The settings of the client. */
export type Settings = CleanedEnv<typeof spec>;

export const client: AppDescription<typeof spec> = {
  name: 'client',
  summary: 'the comparison of the Keybound demo: the same theft in every lane',
  spec,
};
