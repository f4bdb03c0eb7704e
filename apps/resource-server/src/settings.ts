import {
  type AppDescription,
  commonSettings,
  isLoopbackHost,
  isLoopbackOrigin,
  issuer,
  publicOrigin,
  secretList,
} from '@keybound/app-kit';
import { str } from 'envalid';

const DEMO_API_KEY = 'demo-api-key-of-the-notes-api';
const DEMO_INTROSPECTION_SECRET = 'demo-secret-of-notes-api';

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
