import { testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  AuthError,
  type Authentication,
  type Authenticator,
  createGuard,
  type Requirement,
} from '../src/index.ts';
import { outcome } from './support.ts';

const REST = { claims: {}, scope: [], expiresAt: undefined };
const AS_BEARER: Authentication = { context: { scheme: 'Bearer', ...REST }, headers: [] };
const AS_DPOP: Authentication = { context: { scheme: 'DPoP', ...REST, jkt: 'jkt' }, headers: [] };

function stub(scheme: 'Bearer' | 'DPoP', authentication: Authentication): Authenticator {
  return {
    scheme,
    challenge: [],
    authenticate: async () => authentication,
    refusalHeaders: async () => [['x-fresh', scheme]],
  };
}

const bearer = stub('Bearer', AS_BEARER);
const dpop = stub('DPoP', AS_DPOP);
const reporting = stub('DPoP', { ...AS_BEARER, reported: new AuthError('proof_replayed') });
const GOOD_DPOP = { authorization: 'DPoP token' };
const GOOD_BEARER = { authorization: 'Bearer token' };

/** Reason and field lines of a refusal, or the scheme that was let in. */
async function ask(
  authenticators: readonly Authenticator[],
  fields: Readonly<Record<string, string>>,
  requirement: Requirement,
) {
  const decision = await createGuard({ authenticators }).decide(testRequest(fields), requirement);
  if (decision.granted) return decision.auth.scheme;
  const { error, denial } = decision;
  const lines = denial.headers
    .filter(([name]) => name !== 'cache-control')
    .map(([name, value]) => `${name}: ${value}`);
  return [error instanceof AuthError && error.reason, denial.status, ...lines];
}

const NOT_OFFERED =
  'www-authenticate: DPoP realm="api", error="invalid_token", error_description="The access token must be presented with the offered scheme"';

describe('schemes that a route demands', () => {
  const demand = { schemes: ['DPoP'] } as const;

  it('none demanded → either is let in', async () => {
    expect(await ask([bearer, dpop], GOOD_BEARER, {})).toBe('Bearer');
    expect(await ask([bearer, dpop], GOOD_DPOP, {})).toBe('DPoP');
  });

  it('DPoP demanded, DPoP sent → let in', async () => {
    expect(await ask([bearer, dpop], GOOD_DPOP, demand)).toBe('DPoP');
  });

  it('DPoP demanded, a good bearer token sent → 401, with the challenge and the fields of DPoP alone', async () => {
    expect(await ask([bearer, dpop], GOOD_BEARER, demand)).toEqual([
      'scheme_not_offered',
      401,
      NOT_OFFERED,
      'x-fresh: DPoP',
    ]);
  });

  it('DPoP demanded, Bearer sent → the authenticator of Bearer is not asked at all', async () => {
    const authenticate = () => Promise.reject(new Error('asked for nothing'));
    expect(
      (await ask([{ ...bearer, authenticate }, dpop], GOOD_BEARER, demand)).slice(0, 2),
    ).toEqual(['scheme_not_offered', 401]);
  });

  it('DPoP demanded, nothing sent → the challenge of DPoP alone', async () => {
    expect(await ask([bearer, dpop], {}, demand)).toEqual([
      'credentials_missing',
      401,
      'www-authenticate: DPoP realm="api"',
      'x-fresh: DPoP',
    ]);
  });

  it('DPoP demanded of an authenticator that only reports → what it reports refuses', async () => {
    expect(await ask([bearer, reporting], GOOD_DPOP, {})).toBe('Bearer');
    expect((await ask([bearer, reporting], GOOD_DPOP, demand)).slice(0, 2)).toEqual([
      'proof_replayed',
      401,
    ]);
  });

  it('an authenticator that claims less than it was asked for and reports nothing → refused all the same', async () => {
    const lax = stub('DPoP', AS_BEARER);
    expect((await ask([bearer, lax], GOOD_DPOP, demand)).slice(0, 2)).toEqual([
      'scheme_not_offered',
      401,
    ]);
  });

  it.each([
    ['none', []],
    ['one that has no authenticator here', ['DPoP']],
    ['one of them without', ['Bearer', 'DPoP']],
  ] as const)('%s → TypeError, at start-up and at each decision', async (_name, schemes) => {
    const guard = createGuard({ authenticators: [bearer] });
    const rule = 'schemes: give at least one, of those that have an authenticator here';
    expect(() => guard.validate({ schemes })).toThrow(new TypeError(rule));
    const decide = () => guard.decide(testRequest(GOOD_BEARER), { schemes });
    expect(await outcome(decide)).toEqual({ typeError: rule });
  });
});
