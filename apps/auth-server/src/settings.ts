import {
  type AppDescription,
  commonSettings,
  isLoopbackHost,
  isLoopbackOrigin,
  originList,
  publicOrigin,
  secretList,
} from '@keybound/app-kit';
import { type CleanedEnv, num, str } from 'envalid';

const spec = {
  ...commonSettings(4000),
  PUBLIC_ORIGIN: publicOrigin.spec('The issuer: the origin that clients and resource servers use.'),
  RESOURCES: originList({
    default: ['http://localhost:4001'],
    desc: 'Audiences that tokens may be issued for, separated by commas; the first one is the default.',
  }),
  CLIENTS_FILE: str({
    default: '',
    desc: 'JSON file of clients (RFC 7591 names). Unset: demonstration clients, on this machine only.',
  }),
  NONCE_SECRETS: secretList({
    default: [],
    desc: 'Secrets of 32 or more characters, newest first, separated by commas. Set: proofs need a nonce.',
  }),
  PRESET: str({
    default: 'default',
    choices: ['default', 'mcp', 'fapi'],
    desc: 'Which window and algorithms proofs may have.',
  }),
  ACCESS_TOKEN_SECONDS: num({
    default: 300,
    desc: 'Life of access tokens, from 1 to 3600.',
  }),
};

/** The settings of the authorization server. */
export type Settings = CleanedEnv<typeof spec>;

export const authServer: AppDescription<typeof spec> = {
  name: 'auth-server',
  summary: 'the authorization server of the Keybound demo',
  spec,
  check(settings): string | undefined {
    const isLocal = isLoopbackHost(settings.HOST) && isLoopbackOrigin(publicOrigin.of(settings));
    if (settings.CLIENTS_FILE === '' && !isLocal) {
      return 'CLIENTS_FILE: required unless HOST and PUBLIC_ORIGIN are on this machine; the secrets of the demonstration clients are published';
    }
    const seconds = settings.ACCESS_TOKEN_SECONDS;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
      return 'ACCESS_TOKEN_SECONDS: must be a whole number from 1 to 3600';
    }
    return undefined;
  },
};
