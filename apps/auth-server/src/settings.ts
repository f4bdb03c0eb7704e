import { isIP } from 'node:net';
import {
  type AppDescription,
  commonSettings,
  isLoopbackHost,
  isLoopbackOrigin,
  publicOrigin,
  resourceList,
  secretList,
} from '@keybound/app-kit';
import type { PresetName } from '@keybound/dpop';
import { type CleanedEnv, num, str } from 'envalid';
import { SIGNING_ALGORITHMS } from './keys/key-pair.ts';
import { POLICIES } from './policy.ts';

const spec = {
  ...commonSettings(4000),
  PUBLIC_ORIGIN: publicOrigin.spec('The issuer: the origin that clients and resource servers use.'),
  RESOURCES: resourceList({
    default: ['http://localhost:4001'],
    desc: 'Resources that tokens may be issued for, separated by commas; the first one is the default.',
  }),
  DATABASE_URL: str({
    default: '',
    desc: 'PostgreSQL server, postgresql://user:password@host/database; several instances may share it.',
  }),
  DATA_DIR: str({
    default: '',
    desc: 'Folder for embedded PostgreSQL, for one instance. Neither this nor DATABASE_URL: memory, lost at the end.',
  }),
  CLIENTS_FILE: str({
    default: '',
    desc: 'JSON file of clients (RFC 7591 names). Unset: demonstration clients and users, on this machine only.',
  }),
  REGISTRATION: str({
    default: 'off',
    choices: ['open', 'off'],
    desc: 'Whether anybody may register clients (RFC 7591).',
  }),
  NONCE_SECRETS: secretList({
    default: [],
    desc: 'Secrets of 32 or more characters, newest first, separated by commas. Set: proofs need a nonce.',
  }),
  PRESET: str({
    default: 'default',
    choices: ['default', 'mcp', 'fapi'],
    desc: 'What the specifications leave open: window and algorithms of proofs, kinds of clients.',
  }),
  SIGNING_ALGORITHM: str({
    default: 'ES256',
    choices: SIGNING_ALGORITHMS,
    desc: 'What new signing keys are for.',
  }),
  KEY_ROTATION_DAYS: num({ default: 30, desc: 'Age at which the signing key is replaced.' }),
  KEY_ENCRYPTION_KEY: secretList({
    default: [],
    desc: 'Encrypts private keys in the database: secrets of 32 or more characters, newest first. Required with DATABASE_URL, else generated.',
  }),
  ACCESS_TOKEN_SECONDS: num({ default: 300, desc: 'Life of access tokens, from 1 to 3600.' }),
  REFRESH_TOKEN_SECONDS: num({
    default: 14 * 24 * 3600,
    desc: 'Life of a refresh token that nobody uses.',
  }),
  GRANT_SECONDS: num({
    default: 90 * 24 * 3600,
    desc: 'How long a consent lasts, however often its tokens are refreshed.',
  }),
  LOGINS_PER_MINUTE: num({
    default: 10,
    desc: 'Attempts to sign in from one address, and for one name.',
  }),
  REQUESTS_PER_MINUTE: num({
    default: 600,
    desc: 'Requests of one address to the endpoints that clients call.',
  }),
  TRUSTED_PROXIES: str({
    default: '',
    desc: 'Addresses or networks, separated by commas, whose X-Forwarded-For tells the address of a caller.',
  }),
};

/** The settings of the authorization server. */
export type Settings = CleanedEnv<typeof spec>;

/** Whole numbers and what they may be. */
const RANGES = {
  ACCESS_TOKEN_SECONDS: [1, 3600],
  REFRESH_TOKEN_SECONDS: [60, 366 * 24 * 3600],
  GRANT_SECONDS: [60, 366 * 24 * 3600],
  KEY_ROTATION_DAYS: [1, 366],
  LOGINS_PER_MINUTE: [1, 1000],
  REQUESTS_PER_MINUTE: [1, 1_000_000],
} as const;

export const authServer: AppDescription<typeof spec> = {
  name: 'auth-server',
  summary: 'the authorization server of the Keybound demo',
  spec,
  check(settings): string | undefined {
    return (
      rangeFault(settings) ??
      storageFault(settings) ??
      presetFault(settings) ??
      proxyFault(settings)
    );
  },
};

function rangeFault(settings: Settings): string | undefined {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = settings[name as keyof typeof RANGES];
    if (!Number.isInteger(value) || value < least || value > most) {
      return `${name}: must be a whole number from ${least} to ${most}`;
    }
  }
  return undefined;
}

function storageFault(settings: Settings): string | undefined {
  const { DATABASE_URL: url, DATA_DIR: folder } = settings;
  if (url === '') return undefined;
  if (folder !== '') return 'DATA_DIR: leave it out when DATABASE_URL is set';
  if (!/^postgres(?:ql)?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    return 'DATABASE_URL: must be a URL such as postgresql://user:password@host/database';
  }
  if (settings.KEY_ENCRYPTION_KEY.length === 0) {
    return 'KEY_ENCRYPTION_KEY: required with DATABASE_URL; instances that share a database share it';
  }
  return undefined;
}

function presetFault(settings: Settings): string | undefined {
  const preset = settings.PRESET as PresetName;
  const isLocal = isLoopbackHost(settings.HOST) && isLoopbackOrigin(publicOrigin.of(settings));
  if (settings.CLIENTS_FILE === '' && !isLocal) {
    return 'CLIENTS_FILE: required unless HOST and PUBLIC_ORIGIN are on this machine; the secrets of the demonstration clients are published';
  }
  if (settings.CLIENTS_FILE === '' && preset === 'fapi') {
    return 'CLIENTS_FILE: required with PRESET fapi; the demonstration clients authenticate with secrets';
  }
  const algorithms: readonly string[] = POLICIES[preset].signingAlgorithms;
  if (!algorithms.includes(settings.SIGNING_ALGORITHM)) {
    return `SIGNING_ALGORITHM: must be one of ${algorithms.join(', ')} with PRESET ${preset}`;
  }
  return undefined;
}

function proxyFault({ TRUSTED_PROXIES: proxies }: Settings): string | undefined {
  const isNetwork = (text: string): boolean => {
    const [address = '', bits = '0', ...rest] = text.split('/');
    return isIP(address) > 0 && /^\d{1,3}$/.test(bits) && rest.length === 0;
  };
  return proxies === '' || proxies.split(',').every(isNetwork)
    ? undefined
    : 'TRUSTED_PROXIES: must be addresses or networks such as 10.0.0.0/8, separated by commas';
}
