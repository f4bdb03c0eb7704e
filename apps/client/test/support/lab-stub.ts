import type { LabOptions } from '../../src/node/lab-routes.ts';

/** A lab without files, for tests that are about something else. */
export const LAB_STUB: LabOptions = {
  config: {
    issuer: 'http://localhost:1',
    resource: 'http://localhost:2',
    apiKey: 'k',
    apps: { opaque: 'a', jwt: 'b', dpop: 'c' },
    labOrigin: 'http://localhost:3',
    deskOrigin: 'http://127.0.0.1:3',
    account: undefined,
  },
  files: new Map(),
  person: {
    approve: async () => {
      throw new Error('nobody is here');
    },
  },
  playWithSecret: async () => [],
};
