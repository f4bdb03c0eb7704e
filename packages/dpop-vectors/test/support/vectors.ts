import type {
  AsConfig,
  AsRequestVector,
  RequestTest,
  RequestVector,
  RsConfig,
  SequenceStep,
  TestCommon,
  TestGroup,
  VectorFile,
} from '../../src/format.ts';

/** Small vectors for the tests of the runner; the published ones are made by the generator. */

export const CLOCK = 1_767_225_600;

export const RS: RsConfig = {
  server: 'rs',
  clock: CLOCK,
  origin: 'https://rs.example',
  issuer: 'https://as.example',
  audience: 'https://rs.example',
  jwks: { keys: [] },
  schemes: ['DPoP'],
  proofAlgorithms: ['ES256'],
  tokenAlgorithms: ['ES256'],
  maxAgeSeconds: 60,
  maxFutureSeconds: 30,
  nonce: null,
  replay: 'track',
  realm: 'test',
  preset: 'default',
};

export const AS: AsConfig = {
  server: 'as',
  clock: CLOCK,
  issuer: 'https://as.example',
  endpoints: {
    authorization: 'https://as.example/authorize',
    token: 'https://as.example/token',
    pushed_authorization_request: 'https://as.example/par',
    introspection: 'https://as.example/introspect',
    revocation: 'https://as.example/revoke',
    metadata: 'https://as.example/.well-known/oauth-authorization-server',
  },
  clients: [],
  resources: ['https://rs.example'],
  proofAlgorithms: ['ES256'],
  maxAgeSeconds: 60,
  maxFutureSeconds: 30,
  nonce: null,
  replay: 'track',
  preset: 'default',
};

export function request(changes: Partial<RequestVector> = {}): RequestVector {
  return { method: 'GET', target: '/r', fields: [], ...changes };
}

export function asRequest(changes: Partial<AsRequestVector> = {}): AsRequestVector {
  return { endpoint: 'token', method: 'POST', fields: [], form: [], ...changes };
}

/** What every case has; a valid one without a base when nothing else is said. */
export function common(changes: Partial<TestCommon> & { readonly id: string }): TestCommon {
  return {
    comment: `About ${changes.id}.`,
    flags: [],
    base: null,
    result: 'valid',
    requirements: ['DPOP-4.3-01'],
    ...changes,
  };
}

export function requestTest(changes: Partial<RequestTest> & { readonly id: string }): RequestTest {
  return { ...common(changes), request: request(), expect: {}, ...changes };
}

export function step(changes: Partial<SequenceStep> = {}): SequenceStep {
  return { comment: 'A step.', requests: [request()], result: 'valid', expect: {}, ...changes };
}

export function rsGroup(...tests: readonly RequestTest[]): TestGroup {
  return { id: 'group', type: 'RsVerify', comment: 'A group.', config: RS, tests };
}

export function fileOf(...testGroups: readonly TestGroup[]): VectorFile {
  return {
    suite: 'dpop-vectors',
    schemaVersion: 1,
    file: 'file',
    title: 'A file.',
    generator: 'by hand',
    numberOfTests: testGroups.reduce((sum, { tests }) => sum + tests.length, 0),
    notes: { Flag: { bugType: 'EDGE_CASE', description: 'A flag.' } },
    testGroups,
  };
}
