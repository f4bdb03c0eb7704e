import { createTestClock, type TestClock } from './clock.ts';
import { KEYS } from './keys.ts';
import { ISSUER, keySet, RESOURCE } from './mint.ts';

/**
 * The functions that authenticators are made with, of the packages under test: this one imports none that
 * it tests. They check their options themselves.
 */
export interface SchemeParts<Scheme> {
  createKeySet(jwks: object): object;
  createJwtVerifier(options: object): object;
  createBearerAuthenticator(options: object): Scheme;
  createDpopAuthenticator(options: object): Scheme;
  createMemoryReplayStore(options: object): object;
  createNonces(options: object): TestNonces;
}

/** What tests ask the nonces of a server for. */
export interface TestNonces {
  current(): string | Promise<string>;
}

/** Authenticators for {@link RESOURCE}, all on one clock and with one memory of used proofs. */
export interface TestSchemes<Scheme> {
  readonly clock: TestClock;
  readonly nonces: TestNonces;
  readonly bearer: Scheme;
  readonly dpop: Scheme;
  readonly dpopWithNonce: Scheme;
}

/**
 * The authenticators of an adapter's tests.
 *
 * @param target - further options of `createDpopAuthenticator`, such as `mountPrefix`
 */
export function createTestSchemes<Scheme>(
  parts: SchemeParts<Scheme>,
  target: object = {},
): TestSchemes<Scheme> {
  const clock = createTestClock();
  const tokens = parts.createJwtVerifier({
    issuer: ISSUER,
    audience: RESOURCE,
    keys: parts.createKeySet(keySet(KEYS.issuer)),
    clock,
  });
  const nonces = parts.createNonces({
    secrets: () => ['a secret of the tests, 32 or more chars'],
    server: RESOURCE,
    clock,
  });
  const replay = parts.createMemoryReplayStore({ clock });
  const proofs = { tokens, publicOrigin: RESOURCE, replay, clock, ...target };
  return {
    clock,
    nonces,
    bearer: parts.createBearerAuthenticator({ tokens }),
    dpop: parts.createDpopAuthenticator(proofs),
    dpopWithNonce: parts.createDpopAuthenticator({ ...proofs, nonces }),
  };
}
