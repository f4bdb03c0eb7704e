import {
  type AppDescription,
  commonSettings,
  isLoopbackHost,
  isLoopbackOrigin,
  issuer,
  publicOrigin,
  secretList,
} from '@keybound/app-kit';
import { createTrustedProxies } from '@keybound/fastify';
import { makeValidator, num, str } from 'envalid';

const DEMO_API_KEY = 'demo-api-key-of-the-notes-api';
const DEMO_INTROSPECTION_SECRET = 'demo-secret-of-notes-api';

/** The URL of a Redis server, over TLS (`rediss:`) or not. */
const redisUrl = makeValidator((input: string) => {
  if (!URL.canParse(input) || !/^rediss?:$/.test(new URL(input).protocol)) {
    // Not repeated: it may hold a password.
    throw new Error('must be a URL such as redis://redis.internal:6379 or rediss://…');
  }
  return input;
});

const originList = makeValidator((input: string): readonly string[] =>
  input.split(',').map((one) => {
    const text = one.trim();
    if (!URL.canParse(text) || new URL(text).origin !== text) {
      throw new Error('must be origins such as https://api.example');
    }
    return text;
  }),
);

const proxyList = makeValidator((input: string): readonly string[] => {
  const list = input.split(',').map((one) => one.trim());
  createTrustedProxies(list); // says which entry is none
  return list;
});

/** Where a proxy mounts this server; what a path may be is known to the verifier of proofs. */
const mountPrefix = makeValidator((input: string): string => {
  if (!/^(?:\/[A-Za-z0-9._~-]+)+$/.test(input)) {
    throw new Error('must be a path such as /api, without a slash at the end');
  }
  return input;
});

const spec = {
  ...commonSettings(4001),
  PUBLIC_ORIGIN: publicOrigin.spec('The origin clients use; also the audience of tokens.'),
  ISSUER: issuer({
    default: 'http://localhost:4000',
    desc: 'The authorization server, any that publishes RFC 8414 metadata.',
  }),
  INTROSPECTION_CLIENT_ID: str({
    default: 'notes-api',
    desc: 'The identifier with which /opaque asks about tokens.',
  }),
  INTROSPECTION_CLIENT_SECRET: str({
    default: DEMO_INTROSPECTION_SECRET,
    desc: 'Its secret. The default is for this machine only.',
  }),
  API_KEY: str({
    default: DEMO_API_KEY,
    desc: 'The key that opens /api-key. The default is for this machine only.',
  }),
  NONCE_SECRETS: secretList({
    default: [],
    desc: 'Secrets for /dpop-nonce, 32 or more characters, newest first, separated by commas. Unset: a random one.',
  }),
  NONCE_SECRETS_FILE: str({
    default: '',
    desc: 'A file with these secrets, one a line, read again when it has changed. In place of NONCE_SECRETS.',
  }),
  NONCE_STEP_SECONDS: num({
    default: 120,
    desc: 'How long a nonce is the current one, from 1 to 3600; it is accepted for one step more.',
  }),
  REDIS_URL: redisUrl({
    default: '',
    desc: 'A Redis or Valkey server, 6.2 or later, on which instances share used proofs. Unset: the memory of this process.',
  }),
  FURTHER_ORIGINS: originList({
    default: [],
    desc: 'More origins that clients use, separated by commas; Host, or the host a trusted proxy forwards, chooses among them.',
  }),
  MOUNT_PREFIX: mountPrefix({
    default: '',
    desc: 'The path that a proxy strips, such as /api.',
  }),
  TRUSTED_PROXIES: proxyList({
    default: [],
    desc: 'Addresses and networks of proxies whose forwarded fields are believed, separated by commas.',
  }),
  FORWARDED: str({
    default: 'x-forwarded',
    choices: ['x-forwarded', 'forwarded'],
    desc: 'By which fields the proxies tell the host: X-Forwarded-Host, or Forwarded (RFC 7239).',
  }),
  FORWARD_AUTH: str({
    default: 'off',
    choices: ['off', 'x-original', 'x-forwarded'],
    desc: 'Answers questions of the proxies at /forward-auth; by which fields they name method and URI.',
  }),
  PRESET: str({
    default: 'default',
    choices: ['default', 'mcp', 'fapi'],
    desc: 'Which window and algorithms proofs may have.',
  }),
};

export const resourceServer: AppDescription<typeof spec> = {
  name: 'resource-server',
  summary: 'the notes API of the Keybound demo, mounted once for each scheme',
  spec,
  check(settings): string | undefined {
    const step = settings.NONCE_STEP_SECONDS;
    if (!Number.isInteger(step) || step < 1 || step > 3600) {
      return 'NONCE_STEP_SECONDS: must be a whole number from 1 to 3600';
    }
    if (settings.FORWARD_AUTH !== 'off' && settings.TRUSTED_PROXIES.length === 0) {
      return 'FORWARD_AUTH: needs TRUSTED_PROXIES, whose questions are answered';
    }
    if (settings.NONCE_SECRETS_FILE !== '' && settings.NONCE_SECRETS.length > 0) {
      return 'NONCE_SECRETS_FILE: takes the place of NONCE_SECRETS; set one of them';
    }
    if (isLoopbackHost(settings.HOST) && isLoopbackOrigin(publicOrigin.of(settings))) {
      return undefined;
    }
    // Both defaults are published in this repository.
    if (settings.API_KEY === DEMO_API_KEY) {
      return 'API_KEY: required unless HOST and PUBLIC_ORIGIN are on this machine';
    }
    if (settings.INTROSPECTION_CLIENT_SECRET === DEMO_INTROSPECTION_SECRET) {
      return 'INTROSPECTION_CLIENT_SECRET: required unless HOST and PUBLIC_ORIGIN are on this machine';
    }
    return undefined;
  },
};
