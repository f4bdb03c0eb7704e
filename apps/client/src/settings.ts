import { type AppDescription, commonSettings, issuer, origin } from '@keybound/app-kit';
import { type CleanedEnv, str } from 'envalid';

const spec = {
  ...commonSettings(4002),
  ISSUER: issuer({ default: 'http://localhost:4000', desc: 'The authorization server.' }),
  RESOURCE: origin({ default: 'http://localhost:4001', desc: 'The resource server under attack.' }),
  API_KEY: str({ default: 'demo-api-key-of-the-notes-api', desc: 'The key of the api-key lane.' }),
  OPAQUE_CLIENT_ID: str({ default: 'notes-opaque', desc: 'The client of the opaque bearer lane.' }),
  OPAQUE_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-opaque', desc: 'Its secret.' }),
  JWT_CLIENT_ID: str({ default: 'notes-jwt', desc: 'The client of the JWT bearer lane.' }),
  JWT_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-jwt', desc: 'Its secret.' }),
  DPOP_CLIENT_ID: str({ default: 'notes-dpop', desc: 'The client of the DPoP lanes.' }),
  DPOP_CLIENT_SECRET: str({ default: 'demo-secret-of-notes-dpop', desc: 'Its secret.' }),
};

/** The settings of the client. */
export type Settings = CleanedEnv<typeof spec>;

export const client: AppDescription<typeof spec> = {
  name: 'client',
  summary: 'the comparison of the Keybound demo: the same theft in every lane',
  spec,
};
