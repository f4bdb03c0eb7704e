import { type FieldLines, testRequest } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuthContext,
  AuthError,
  type Authenticator,
  type ChallengeParameter,
  createGuard,
  type GuardOptions,
  type HeaderList,
  type Requirement,
  UnavailableError,
} from '../src/index.ts';
import { parseChallenge } from './parse-challenge.ts';
import { outcome } from './support.ts';

interface StubOptions {
  readonly challenge?: readonly ChallengeParameter[];
  readonly refusalHeaders?: HeaderList;
  readonly headers?: HeaderList;
  /** Thrown for the token `bad`. */
  readonly error?: Error;
}

/** An authenticator that takes the token `good` and refuses `bad`. */
function stub(scheme: 'Bearer' | 'DPoP', options: StubOptions = {}): Authenticator {
  const { challenge = scheme === 'DPoP' ? [['algs', 'ES256']] : [], refusalHeaders } = options;
  const rest = { claims: { sub: 'alice' }, scope: ['read', 'list'], expiresAt: undefined };
  const context: AuthContext =
    scheme === 'DPoP' ? { scheme, ...rest, jkt: 'jkt' } : { scheme, ...rest };
  return {
    scheme,
    challenge,
    async authenticate(_request, token) {
      if (token !== 'good') throw options.error ?? new AuthError('token_expired');
      return { context, headers: options.headers ?? [] };
    },
    ...(refusalHeaders && { refusalHeaders: async () => refusalHeaders }),
  };
}

const BEARER = stub('Bearer');
const DPOP = stub('DPoP');

function decide(
  authenticators: readonly Authenticator[],
  fields: FieldLines,
  requirement?: Requirement,
  options: Partial<GuardOptions> = {},
): Promise<object> {
  return createGuard({ authenticators, ...options }).decide(testRequest(fields), requirement);
}

/** A refusal as reason and answer; the headers are shown as field lines. */
function seen(result: object): unknown {
  if (!('denial' in result)) return result;
  const { denial, error } = result as {
    denial: { status: number; headers: HeaderList; body: object };
    error: AuthError | UnavailableError;
  };
  return {
    error: error instanceof AuthError ? error.reason : error.component,
    status: denial.status,
    lines: denial.headers.map(([name, value]) => `${name}: ${value}`),
    body: denial.body,
  };
}

const NO_STORE = 'cache-control: no-store';
const PLAIN_BEARER = 'www-authenticate: Bearer realm="api"';
const PLAIN_DPOP = 'www-authenticate: DPoP realm="api", algs="ES256"';

function told(code: string, description: string): string {
  return `, error="${code}", error_description="${description}"`;
}

const EXPIRED = told('invalid_token', 'The access token has expired');
const NOT_OFFERED = told(
  'invalid_token',
  'The access token must be presented with the offered scheme',
);
const REPEATED = told('invalid_request', 'The request carries more than one access token');
const MALFORMED = told('invalid_request', 'The Authorization header field is malformed');

describe('decide', () => {
  it.each([
    ['Bearer', [BEARER]],
    ['Bearer', [BEARER, DPOP]],
    ['DPoP', [DPOP]],
    ['DPoP', [BEARER, DPOP]],
  ] as const)(
    'a good token under %s, offered %# → granted with its context',
    async (scheme, offered) => {
      expect(await decide(offered, { authorization: `${scheme} good` })).toMatchObject({
        granted: true,
        auth: { scheme, claims: { sub: 'alice' }, scope: ['read', 'list'] },
        headers: [],
      });
    },
  );

  it('fields of the authenticator → go with the grant', async () => {
    const offered = [
      stub('DPoP', { headers: [['dpop-nonce', 'n']], refusalHeaders: [['x', 'y']] }),
    ];
    expect(await decide(offered, { authorization: 'DPoP good' })).toMatchObject({
      granted: true,
      headers: [['dpop-nonce', 'n']],
    });
  });

  interface Row {
    readonly name: string;
    readonly offered: readonly Authenticator[];
    readonly fields: FieldLines;
    readonly reason: string;
    readonly status: number;
    readonly challenges: readonly string[];
  }

  it.each<Row>([
    {
      name: 'no credentials, both offered: no error anywhere [BEARER-3.1-01] [BEARER-3-02]',
      offered: [BEARER, DPOP],
      fields: {},
      reason: 'credentials_missing',
      status: 401,
      challenges: [PLAIN_BEARER, PLAIN_DPOP],
    },
    {
      name: 'no credentials, DPoP first: challenges in that order',
      offered: [DPOP, BEARER],
      fields: {},
      reason: 'credentials_missing',
      status: 401,
      challenges: [PLAIN_DPOP, PLAIN_BEARER],
    },
    {
      name: 'no credentials, DPoP alone [DPOP-7.1-04] [DPOP-7.1-08]',
      offered: [DPOP],
      fields: {},
      reason: 'credentials_missing',
      status: 401,
      challenges: [PLAIN_DPOP],
    },
    {
      name: 'a proof without a token [DPOP-4-02]',
      offered: [DPOP],
      fields: { dpop: 'a.b.c' },
      reason: 'credentials_missing',
      status: 401,
      challenges: [PLAIN_DPOP],
    },
    {
      name: 'credentials of a third scheme: no error either',
      offered: [BEARER],
      fields: { authorization: 'Basic YTpi' },
      reason: 'credentials_missing',
      status: 401,
      challenges: [PLAIN_BEARER],
    },
    {
      name: 'a bad Bearer token: the error only there [DPOP-7.2-03]',
      offered: [BEARER, DPOP],
      fields: { authorization: 'Bearer bad' },
      reason: 'token_expired',
      status: 401,
      challenges: [PLAIN_BEARER + EXPIRED, PLAIN_DPOP],
    },
    {
      name: 'a bad DPoP token: the error only there [DPOP-7.2-03] [ATJWT-4-06]',
      offered: [BEARER, DPOP],
      fields: { authorization: 'DPoP bad' },
      reason: 'token_expired',
      status: 401,
      challenges: [PLAIN_BEARER, PLAIN_DPOP + EXPIRED],
    },
    {
      name: 'a Bearer token where only DPoP is offered',
      offered: [DPOP],
      fields: { authorization: 'Bearer good' },
      reason: 'scheme_not_offered',
      status: 401,
      challenges: [PLAIN_DPOP + NOT_OFFERED],
    },
    {
      name: 'a DPoP token where only Bearer is offered',
      offered: [BEARER],
      fields: { authorization: 'DPoP good' },
      reason: 'scheme_not_offered',
      status: 401,
      challenges: [PLAIN_BEARER + NOT_OFFERED],
    },
    {
      name: 'two Authorization fields: the error in both [BEARER-2-02]',
      offered: [BEARER, DPOP],
      fields: { authorization: ['Bearer good', 'DPoP good'] },
      reason: 'credentials_repeated',
      status: 400,
      challenges: [PLAIN_BEARER + REPEATED, PLAIN_DPOP + REPEATED],
    },
    {
      name: 'a malformed field: the error in both [BEARER-2.1-01]',
      offered: [BEARER, DPOP],
      fields: { authorization: 'Bearer a, DPoP b' },
      reason: 'credentials_malformed',
      status: 400,
      challenges: [PLAIN_BEARER + MALFORMED, PLAIN_DPOP + MALFORMED],
    },
  ])('$name → $status', async ({ offered, fields, reason, status, challenges }) => {
    expect(seen(await decide(offered, fields))).toMatchObject({
      error: reason,
      status,
      lines: [...challenges, NO_STORE],
    });
  });

  it('no credentials → a body without an error code [BEARER-3.1-01]', async () => {
    expect(seen(await decide([BEARER], {}))).toMatchObject({
      body: { error_description: 'An access token is required' },
    });
  });

  it('a proof fault → 401, its error in the DPoP challenge, the fresh nonce of the authenticator [DPOP-9-01] [DPOP-8-03]', async () => {
    const dpop = stub('DPoP', {
      error: new AuthError('nonce_missing'),
      refusalHeaders: [['dpop-nonce', 'n1']],
    });
    expect(seen(await decide([BEARER, dpop], { authorization: 'DPoP bad' }))).toEqual({
      error: 'nonce_missing',
      status: 401,
      lines: [
        PLAIN_BEARER,
        PLAIN_DPOP + told('use_dpop_nonce', 'The DPoP proof must contain the nonce of the server'),
        NO_STORE,
        'dpop-nonce: n1',
      ],
      body: {
        error: 'use_dpop_nonce',
        error_description: 'The DPoP proof must contain the nonce of the server',
      },
    });
  });

  it('no credentials → the fresh nonce as well, so that the first proof can carry it', async () => {
    const dpop = stub('DPoP', { refusalHeaders: [['dpop-nonce', 'n1']] });
    expect(seen(await decide([BEARER, dpop], {}))).toMatchObject({
      lines: [PLAIN_BEARER, PLAIN_DPOP, NO_STORE, 'dpop-nonce: n1'],
    });
  });

  it('an outage → 503 with Retry-After, no challenge, the error for logs [DPOP-11.1-P3]', async () => {
    const error = new UnavailableError('replay_store', 'down', { retryAfterSeconds: 9 });
    const dpop = stub('DPoP', { error, refusalHeaders: [['dpop-nonce', 'n1']] });
    const result = await decide([BEARER, dpop], { authorization: 'DPoP bad' });
    expect(result).toMatchObject({ granted: false, error });
    expect(seen(result)).toEqual({
      error: 'replay_store',
      status: 503,
      lines: ['retry-after: 9', NO_STORE],
      body: {
        error: 'temporarily_unavailable',
        error_description: 'The request cannot be checked at the moment',
      },
    });
  });

  it.each([
    [
      'an AuthError',
      {
        brand: 'keybound.AuthError',
        reason: 'token_expired',
        code: 'invalid_token',
        message: 'The access token has expired',
        facts: {},
      },
      401,
    ],
    [
      'an UnavailableError',
      {
        brand: 'keybound.UnavailableError',
        component: 'replay_store',
        message: 'x',
        retryAfterSeconds: 5,
      },
      503,
    ],
  ])('%s of another installed copy of core → recognised', async (_name, error, status) => {
    const dpop = stub('DPoP', { error: error as unknown as Error });
    expect(await decide([dpop], { authorization: 'DPoP bad' })).toMatchObject({
      granted: false,
      error,
      denial: { status },
    });
  });

  it('any other exception of an authenticator → passed on, never a grant [DPOP-7.1-03]', async () => {
    const dpop = stub('DPoP', { error: new RangeError('a bug') });
    await expect(decide([dpop], { authorization: 'DPoP bad' })).rejects.toThrow(
      new RangeError('a bug'),
    );
  });
});

describe('scopes', () => {
  it.each([[['read']], [['read', 'list']], [[]]])(
    'required %j, all there → granted',
    async (scopes) => {
      expect(await decide([BEARER], { authorization: 'Bearer good' }, { scopes })).toMatchObject({
        granted: true,
      });
    },
  );

  it('one missing → 403 insufficient_scope with all that are required; which one only in the facts [BEARER-3.1-04]', async () => {
    const result = await decide(
      [BEARER, DPOP],
      { authorization: 'DPoP good' },
      { scopes: ['read', 'write'] },
    );
    expect(result).toMatchObject({ error: { facts: { missing: ['write'] } } });
    expect(seen(result)).toEqual({
      error: 'scope_insufficient',
      status: 403,
      lines: [
        `${PLAIN_BEARER}, scope="read write"`,
        PLAIN_DPOP +
          told('insufficient_scope', 'The access token does not carry the required scope') +
          ', scope="read write"',
        NO_STORE,
      ],
      body: {
        error: 'insufficient_scope',
        error_description: 'The access token does not carry the required scope',
      },
    });
  });

  it.each(['rea', 'READ', 'reads'])('required %s, which the token has not → 403', async (scope) => {
    const result = await decide([BEARER], { authorization: 'Bearer good' }, { scopes: [scope] });
    expect(result).toMatchObject({ granted: false, denial: { status: 403 } });
  });

  it('no credentials and a bad token → the scope is told; a malformed request → it is not', async () => {
    const requirement = { scopes: ['read'] };
    expect(seen(await decide([BEARER], {}, requirement))).toMatchObject({
      lines: [`${PLAIN_BEARER}, scope="read"`, NO_STORE],
    });
    expect(
      seen(await decide([BEARER], { authorization: 'Bearer bad' }, requirement)),
    ).toMatchObject({ lines: [`${PLAIN_BEARER}${EXPIRED}, scope="read"`, NO_STORE] });
    expect(seen(await decide([BEARER], { authorization: 'Bearer' }, requirement))).toMatchObject({
      lines: [PLAIN_BEARER + MALFORMED, NO_STORE],
    });
  });

  it.each(['', 'a b', 'a"b', 'a\\b', 'é', 'a\n'])(
    'the required scope %j → TypeError for good and bad requests alike',
    async (scope) => {
      const typeError = 'scopes: give one scope value an entry, without blanks (RFC 6749 §3.3)';
      for (const fields of [{ authorization: 'Bearer good' }, {}]) {
        expect(await outcome(() => decide([BEARER], fields, { scopes: [scope] }))).toEqual({
          typeError,
        });
      }
      const guard = createGuard({ authenticators: [BEARER] });
      const refuse = () => guard.refuse(new AuthError('token_expired'), { scopes: [scope] });
      expect(await outcome(refuse)).toEqual({ typeError });
    },
  );
});

describe('realm and resource metadata', () => {
  it('both given → in every challenge [PRM-5.1-01]', async () => {
    const url = 'https://rs.example/.well-known/oauth-protected-resource';
    const options = { realm: 'notes', resourceMetadata: url };
    expect(seen(await decide([BEARER, DPOP], {}, undefined, options))).toMatchObject({
      lines: [
        `www-authenticate: Bearer realm="notes", resource_metadata="${url}"`,
        `www-authenticate: DPoP realm="notes", resource_metadata="${url}", algs="ES256"`,
        NO_STORE,
      ],
    });
  });
});

describe('refuse', () => {
  it('a reason found outside → in all challenges, with the scope', async () => {
    const dpop = stub('DPoP', { refusalHeaders: [['dpop-nonce', 'n1']] });
    const guard = createGuard({ authenticators: [BEARER, dpop] });
    expect(seen(await guard.refuse(new AuthError('token_expired'), { scopes: ['read'] }))).toEqual({
      error: 'token_expired',
      status: 401,
      lines: [
        `${PLAIN_BEARER}${EXPIRED}, scope="read"`,
        `${PLAIN_DPOP}${EXPIRED}, scope="read"`,
        NO_STORE,
        'dpop-nonce: n1',
      ],
      body: { error: 'invalid_token', error_description: 'The access token has expired' },
    });
    expect(seen(await guard.refuse(new AuthError('credentials_repeated')))).toMatchObject({
      status: 400,
      lines: [PLAIN_BEARER + REPEATED, PLAIN_DPOP + REPEATED, NO_STORE, 'dpop-nonce: n1'],
    });
  });
});

describe('createGuard', () => {
  it.each<[string, GuardOptions, string]>([
    ['no authenticator', { authenticators: [] }, 'authenticators: give at least one'],
    ['no list', {} as GuardOptions, 'authenticators: give a list of authenticators'],
    [
      'a token verifier for an authenticator',
      { authenticators: [{ verify: () => undefined }] } as unknown as GuardOptions,
      'authenticators: give a list of authenticators',
    ],
    [
      'one scheme twice',
      { authenticators: [BEARER, stub('Bearer')] },
      'authenticators: a scheme occurs twice',
    ],
    [
      'a realm with a quote',
      { authenticators: [BEARER], realm: 'a"b' },
      'realm: only printable ASCII without quote and backslash is allowed',
    ],
    [
      'a realm with a line feed',
      { authenticators: [BEARER], realm: 'a\r\nb' },
      'realm: only printable ASCII without quote and backslash is allowed',
    ],
    [
      'metadata with a backslash',
      { authenticators: [BEARER], resourceMetadata: 'https:\\\\x' },
      'resource_metadata: only printable ASCII without quote and backslash is allowed',
    ],
    [
      'a challenge with a quote',
      { authenticators: [stub('DPoP', { challenge: [['algs', '"']] })] },
      'algs: only printable ASCII without quote and backslash is allowed',
    ],
    [
      'a challenge with a realm of its own',
      { authenticators: [stub('DPoP', { challenge: [['realm', 'x']] })] },
      'challenge: the parameter realm occurs twice',
    ],
    [
      'a challenge with an error of its own',
      { authenticators: [stub('DPoP', { challenge: [['error', 'x']] })] },
      'challenge: the parameter error occurs twice',
    ],
    [
      'a challenge with a description of its own',
      { authenticators: [stub('DPoP', { challenge: [['error_description', 'x']] })] },
      'challenge: the parameter error_description occurs twice',
    ],
    [
      'a challenge with a scope of its own',
      { authenticators: [stub('DPoP', { challenge: [['Scope', 'x']] })] },
      'challenge: the parameter scope occurs twice',
    ],
    [
      'a challenge with a bad name',
      { authenticators: [stub('DPoP', { challenge: [['a b', 'x']] })] },
      'challenge: a parameter name is not a token',
    ],
  ])('%s → TypeError at start-up [BEARER-3-03] [BEARER-3-04]', async (_name, options, message) => {
    expect(await outcome(() => createGuard(options))).toEqual({ typeError: message });
  });

  it('authenticators changed by the caller later → the list given at start-up holds', async () => {
    const authenticators = [BEARER];
    const guard = createGuard({ authenticators });
    authenticators.push(stub('DPoP', { refusalHeaders: [['dpop-nonce', 'n1']] }));
    expect(seen(await guard.decide(testRequest()))).toMatchObject({
      lines: [PLAIN_BEARER, NO_STORE],
    });
  });

  it('any options and any request → TypeError at start-up, or challenges that read back [BEARER-3-03] [BEARER-3-04]', async () => {
    const text = fc.oneof(
      { arbitrary: fc.string({ unit: fc.constantFrom(...' !#[]~azAZ09:/.,=') }), weight: 4 },
      fc.string({ unit: 'binary' }),
    );
    const scope = fc.string({ unit: fc.constantFrom(...'!#[]~azAZ09:/.,='), minLength: 1 });
    const authorization = fc.oneof(
      text,
      fc.constantFrom('Bearer good', 'Bearer bad', 'DPoP bad', 'Basic x'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({ realm: text, metadata: text, algs: text }),
        fc.array(scope, { maxLength: 3 }),
        fc.array(authorization, { maxLength: 2 }),
        async ({ realm, metadata, algs }, scopes, lines) => {
          const authenticators = [BEARER, stub('DPoP', { challenge: [['algs', algs]] })];
          const options = { authenticators, realm, resourceMetadata: metadata };
          const created = (await outcome(() => createGuard(options))) as {
            accepted?: ReturnType<typeof createGuard>;
          };
          if (created.accepted === undefined) return;
          const decision = await created.accepted.decide(testRequest({ authorization: lines }), {
            scopes,
          });
          if (decision.granted) return;
          const challenges = decision.denial.headers.filter(([n]) => n === 'www-authenticate');
          const [bearer, dpop] = challenges.map(([, value]) => parseChallenge(value));
          expect(bearer?.parameters.slice(0, 2)).toEqual([
            ['realm', realm],
            ['resource_metadata', metadata],
          ]);
          expect(dpop?.parameters[2]).toEqual(['algs', algs]);
          for (const [, value] of challenges) expect(value).toMatch(/^[\x20-\x7e]*$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
