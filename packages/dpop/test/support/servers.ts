import {
  AUTH_REASONS,
  type AuthError,
  type AuthReason,
  type Awaitable,
  createGuard,
  createJwtVerifier,
  createKeySet,
  type Denial,
  type HeaderList,
  isAuthError,
  isUnavailableError,
  type ReplayAnswer,
  type ReplayRecord,
  type ReplayStore,
  type TokenVerifier,
  type UnavailableError,
} from '@keybound/core';
import {
  createTestClock,
  decodeJws,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  type ProofOverrides,
  RESOURCE,
  sha256,
  type TestClock,
  type TestKey,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createProofVerifier,
  type DpopAuthenticatorOptions,
} from '../../src/index.ts';

/** What a server answered to one request, in one shape for both servers. */
export interface Outcome {
  readonly granted: boolean;
  readonly jkt: string | undefined;
  /** The fields a granted response must carry. */
  readonly headers: HeaderList;
  readonly error: AuthError | UnavailableError | undefined;
  readonly reason: AuthReason | undefined;
  readonly denial: Denial | undefined;
}

/** A request that is sent to a server under test. */
export interface Sent {
  /** The `DPoP` field lines. */
  readonly proof: string | readonly string[];
  readonly token?: string;
  readonly method?: string;
  readonly target?: string;
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
}

export type ServerOptions = Partial<DpopAuthenticatorOptions> & { readonly clock?: TestClock };

/** One of the two kinds of server, ready to take requests, with a look at what it asked others. */
export interface Server {
  readonly clock: TestClock;
  send(sent: Sent): Promise<Outcome>;
  /** The records the replay store was asked to add. */
  readonly spent: ReplayRecord[];
  /** How often the token verifier was asked. */
  readonly tokenChecks: () => number;
}

/** Where a proof is presented, and what a good one for it says. */
export interface Place {
  readonly name: 'resource server' | 'authorization server';
  readonly status: 401 | 400;
  readonly method: string;
  readonly target: string;
  readonly origin: string;
  create(options?: ServerOptions): Server;
  /** The whole answer to a refusal. */
  denial(reason: AuthReason, options?: { algs?: string; nonce?: string }): Denial;
  /** The claims of a good proof, but for `jti` and `iat`, which the mint makes. */
  claims(token: string): Record<string, unknown>;
}

export const DEFAULT_ALGS = 'ES256 ES384 ES512 PS256 Ed25519 EdDSA';

/** Every algorithm that can be configured, RSA with PKCS #1 v1.5 included. */
export const ALL_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
] as const;

function watched(options: ServerOptions): {
  clock: TestClock;
  spent: ReplayRecord[];
  replay: ReplayStore | 'off-accepting-replays';
} {
  const clock = options.clock ?? createTestClock();
  const inner = options.replay ?? createMemoryReplayStore({ clock, maxBytes: 2 ** 20 });
  const spent: ReplayRecord[] = [];
  if (typeof inner === 'string') return { clock, spent, replay: inner };
  const add = (record: ReplayRecord): Awaitable<ReplayAnswer> => {
    spent.push(record);
    return inner.add(record);
  };
  const { status } = inner;
  return { clock, spent, replay: { add, ...(status && { status: () => status.call(inner) }) } };
}

async function refusal(error: unknown, deny: () => Promise<Denial>): Promise<Outcome> {
  if (!isAuthError(error) && !isUnavailableError(error)) throw error;
  const reason = isAuthError(error) ? error.reason : undefined;
  return { granted: false, jkt: undefined, headers: [], error, reason, denial: await deny() };
}

const granted = (jkt: string, headers: HeaderList): Outcome => ({
  granted: true,
  jkt,
  headers,
  error: undefined,
  reason: undefined,
  denial: undefined,
});

export const RESOURCE_SERVER: Place = {
  name: 'resource server',
  status: 401,
  method: 'GET',
  target: '/r',
  origin: RESOURCE,
  claims: (token) => ({ htm: 'GET', htu: `${RESOURCE}/r`, ath: sha256(token) }),

  create(options = {}): Server {
    const { clock, spent, replay } = watched(options);
    let tokenChecks = 0;
    const inner = options.tokens ?? jwtTokens(clock);
    const tokens: TokenVerifier = {
      verify(token) {
        tokenChecks++;
        return inner.verify(token);
      },
    };
    const authenticator = createDpopAuthenticator({
      publicOrigin: RESOURCE,
      ...options,
      tokens,
      clock,
      replay,
    });
    const guard = createGuard({ authenticators: [authenticator] });
    return {
      clock,
      spent,
      tokenChecks: () => tokenChecks,
      async send({ proof, token = TOKEN, method = 'GET', target = '/r', fields }) {
        const request = testRequest(
          { authorization: `DPoP ${token}`, dpop: proof, ...fields },
          { method, target },
        );
        const decision = await guard.decide(request);
        if (!decision.granted) return refusal(decision.error, async () => decision.denial);
        if (decision.auth.scheme !== 'DPoP') throw new Error('not a DPoP context');
        return granted(decision.auth.jkt, decision.headers);
      },
    };
  },

  denial(reason, { algs = DEFAULT_ALGS, nonce } = {}): Denial {
    const { code, description } = AUTH_REASONS[reason];
    const challenge = `DPoP realm="api", algs="${algs}", error="${code}", error_description="${description}"`;
    return {
      status: code === 'invalid_request' ? 400 : 401,
      headers: [['www-authenticate', challenge], ...noStore(nonce)],
      body: { error: `${code}`, error_description: description },
    };
  },
};

export const AUTHORIZATION_SERVER: Place = {
  name: 'authorization server',
  status: 400,
  method: 'POST',
  target: '/token',
  origin: ISSUER,
  claims: () => ({ htm: 'POST', htu: `${ISSUER}/token` }),

  create(options = {}): Server {
    const { clock, spent, replay } = watched(options);
    const proofs = createProofVerifier({ publicOrigin: ISSUER, ...options, clock, replay });
    return {
      clock,
      spent,
      tokenChecks: () => 0,
      async send({ proof, method = 'POST', target = '/token', fields }) {
        try {
          const presented = await proofs.verify(
            testRequest({ dpop: proof, ...fields }, { method, target }),
          );
          if (presented === undefined) throw new Error('taken for a request without proof');
          return granted(presented.jkt, presented.headers);
        } catch (error) {
          return refusal(error, () => proofs.deny(error as AuthError));
        }
      },
    };
  },

  denial(reason, { nonce } = {}): Denial {
    const { code, description } = AUTH_REASONS[reason];
    return {
      status: 400,
      headers: noStore(nonce),
      body: { error: `${code}`, error_description: description },
    };
  },
};

export const PLACES: readonly Place[] = [RESOURCE_SERVER, AUTHORIZATION_SERVER];

function noStore(nonce: string | undefined): HeaderList {
  return [
    ['cache-control', 'no-store'],
    ...(nonce === undefined ? [] : [['dpop-nonce', nonce] as const]),
  ];
}

/** The verifier for the tokens of the mint. */
export function jwtTokens(clock: TestClock): TokenVerifier {
  const keys = createKeySet(keySet(KEYS.issuer));
  return createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock });
}

/** A token bound to Alice's key. */
export const TOKEN: string = mintToken({ boundTo: KEYS.alice });

/** One request in preparation: the claims that are right for its place, and the mint. */
export interface Draft {
  readonly place: Place;
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** A good proof, or one with faults. */
  mint(overrides?: ProofOverrides): string;
}

/** A draft for a proof by this key; at a resource server with a token bound to it. */
export function draftFor(place: Place, key: TestKey = KEYS.alice): Draft {
  const token = key === KEYS.alice ? TOKEN : mintToken({ boundTo: key });
  const claims = place.claims(token);
  return {
    place,
    token,
    claims,
    mint: (overrides = {}) =>
      mintProof({ key, ...overrides, claims: { ...claims, ...overrides.claims } }),
  };
}

/** A row of a table of faults: what is changed in a good proof, and which check must refuse it. */
export interface Fault {
  /** The case in the list of vectors. */
  readonly id: string;
  readonly name: string;
  readonly reason: AuthReason;
  readonly requirements: string;
  /** The faulty field, or several field lines. */
  readonly make: (draft: Draft) => string | readonly string[];
  /** Whose proof it is. @defaultValue Alice's */
  readonly key?: TestKey;
  /** The good proof the fault starts from. @defaultValue one of the mint */
  readonly base?: (draft: Draft) => string;
  readonly options?: ServerOptions;
}

/** The thumbprint of the key in a proof. */
export const keyOf = (proof: string): string =>
  thumbprint(decodeJws(proof).header.jwk as Record<string, string>);
