import { randomUUID } from 'node:crypto';
import { NOW } from './clock.ts';
import { type JsonOrText, sha256, signJws, thumbprint } from './jws.ts';
import { KEYS, type TestKey } from './keys.ts';

/** The deployment of the tests. */
export const ISSUER = 'https://as.example';
export const RESOURCE = 'https://rs.example';

/** How a proof differs from the good one. A member set to undefined is left out. */
export interface ProofOverrides {
  /** Whose key signs and is embedded. @defaultValue KEYS.alice */
  readonly key?: TestKey;
  readonly alg?: string;
  /** The token whose `ath` the proof carries; left out, the proof has none. */
  readonly token?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The exact JSON text of a part, for what no serialiser writes. */
  readonly headerText?: string;
  readonly payloadText?: string;
}

/** A DPoP proof for `GET https://rs.example/r` at {@link NOW}, unless told otherwise. */
export function mintProof(overrides: ProofOverrides = {}): string {
  const { key = KEYS.alice, token } = overrides;
  const alg = overrides.alg ?? key.alg;
  const header: JsonOrText = { typ: 'dpop+jwt', alg, jwk: key.publicJwk, ...overrides.header };
  const payload: JsonOrText = {
    jti: randomUUID(),
    htm: 'GET',
    htu: `${RESOURCE}/r`,
    iat: NOW,
    ...(token !== undefined && { ath: sha256(token) }),
    ...overrides.claims,
  };
  return signJws({
    header: overrides.headerText ?? header,
    payload: overrides.payloadText ?? payload,
    alg,
    key: key.privateKey,
  });
}

/** How an access token differs from the good one. A member set to undefined is left out. */
export interface TokenOverrides {
  /** @defaultValue KEYS.issuer */
  readonly key?: TestKey;
  readonly alg?: string;
  /** The key the token is bound to; left out, the token is not bound. */
  readonly boundTo?: TestKey;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly headerText?: string;
  readonly payloadText?: string;
}

/** An RFC 9068 access token for {@link RESOURCE}, good for five minutes from {@link NOW}. */
export function mintToken(overrides: TokenOverrides = {}): string {
  const { key = KEYS.issuer, boundTo } = overrides;
  const alg = overrides.alg ?? key.alg;
  return signJws({
    header: overrides.headerText ?? { typ: 'at+jwt', alg, kid: key.kid, ...overrides.header },
    payload: overrides.payloadText ?? {
      iss: ISSUER,
      sub: 'alice',
      client_id: 'notes-client',
      aud: RESOURCE,
      iat: NOW,
      exp: NOW + 300,
      jti: randomUUID(),
      scope: 'notes:read notes:write',
      ...(boundTo && { cnf: { jkt: thumbprint(boundTo.publicJwk) } }),
      ...overrides.claims,
    },
    alg,
    key: key.privateKey,
  });
}

/** The published key set of an issuer that signs with these keys. */
export function keySet(...keys: readonly TestKey[]): { keys: Record<string, string>[] } {
  return {
    keys: keys.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' })),
  };
}
