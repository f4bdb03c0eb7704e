import { KEYS, keySet } from '@keybound/test-kit';
import { expect, it } from 'vitest';
import {
  type AuthContext,
  AuthError,
  type AuthReason,
  createIntrospectionVerifier,
  createJwtVerifier,
  createKeySet,
  createTokenIssuer,
  jwkThumbprint,
  type PublicJwk,
  UnavailableError,
  type VerifiedToken,
  validateAlgorithms,
} from '../src/index.ts';

/**
 * Nothing in here runs: each `@ts-expect-error` fails the type check when its line would compile.
 */
export function mustNotCompile(token: VerifiedToken, auth: AuthContext, reason: AuthReason): void {
  const keys = createKeySet(keySet(KEYS.issuer));
  const issuer = 'https://as.example';
  const audience = 'https://rs.example';

  const parts = { claims: {}, scope: [], confirmation: undefined, expiresAt: 1, hash: () => '' };
  // @ts-expect-error a verified token cannot be built by hand
  const forged: VerifiedToken = parts;
  // @ts-expect-error nor with a symbol of one's own
  const branded: VerifiedToken = { ...parts, [Symbol('verified')]: true };
  // @ts-expect-error what was verified is not changed
  token.claims.sub = 'mallory';
  // @ts-expect-error nor its scope extended
  token.scope.push('admin');

  // @ts-expect-error the audience is required
  createJwtVerifier({ issuer, keys });
  // @ts-expect-error the issuer is required
  createJwtVerifier({ audience, keys });
  // @ts-expect-error one audience, not a list
  createJwtVerifier({ issuer, audience: [audience], keys });
  // @ts-expect-error a key set is made with createKeySet
  createJwtVerifier({ issuer, audience, keys: keySet(KEYS.issuer) });
  // @ts-expect-error none is not an algorithm
  createJwtVerifier({ issuer, audience, keys, algorithms: ['none'] });
  // @ts-expect-error symmetric algorithms are not known
  validateAlgorithms(['HS256']);
  // @ts-expect-error names are case-sensitive
  validateAlgorithms(['es256']);
  // @ts-expect-error introspection needs an audience too
  createIntrospectionVerifier({ issuer, clientId: 'rs', clientSecret: 's' });
  // @ts-expect-error and credentials
  createIntrospectionVerifier({ issuer, audience });
  // @ts-expect-error an issuer of tokens needs a key
  createTokenIssuer({ issuer });

  // @ts-expect-error a reason that does not exist
  new AuthError('token_stolen');
  // @ts-expect-error a component that does not exist
  new UnavailableError('database', 'x');
  // @ts-expect-error a private member has no place in a public key
  const jwk: PublicJwk = { ...KEYS.alice.publicJwk, kty: 'EC', crv: 'P-256', x: '', y: '', d: '' };
  // @ts-expect-error a thumbprint is made of a parsed key
  void jwkThumbprint(KEYS.alice.publicJwk);

  // @ts-expect-error only a DPoP context has a key
  void auth.jkt;
  if (auth.scheme === 'DPoP') void auth.jkt;

  switch (reason) {
    // @ts-expect-error a switch over reasons is checked
    case 'token_stolen':
      break;
  }
  void [forged, branded, jwk];
}

it('the lines above → checked by the compiler, see tsconfig.json beside this file', () => {
  expect(mustNotCompile).toBeTypeOf('function');
});
