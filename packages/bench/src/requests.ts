import { ISSUER, KEYS, keySet, mintProof, mintToken, RESOURCE } from '@keybound/test-kit';

/** A request for {@link TARGET} as a server receives it. */
export interface PresentedRequest {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  /** Left out in a bearer request. */
  readonly proof?: string;
}

/** A request that every contender has to refuse, with the reason in words. */
export interface BadRequest {
  readonly name: string;
  readonly request: PresentedRequest;
}

/** What the requests ask for, and what servers and clients know of each other. */
export const METHOD = 'GET';
export const TARGET = '/r';
export const URI: string = `${RESOURCE}${TARGET}`;
export const DEPLOYMENT: { readonly issuer: string; readonly audience: string } = {
  issuer: ISSUER,
  audience: RESOURCE,
};
export const JWKS: ReturnType<typeof keySet> = keySet(KEYS.issuer);

// Longer than any run, so that no token expires in the middle of one.
const TOKEN_SECONDS = 3600;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** An access token for the API, bound to Alice's key or not; a new one with every call. */
export function createToken(isBound: boolean, claims: Record<string, unknown> = {}): string {
  return mintToken({
    ...(isBound && { boundTo: KEYS.alice }),
    claims: { iat: now(), exp: now() + TOKEN_SECONDS, ...claims },
  });
}

/** A proof made just now, so that it is fresh whenever in a run it is used. */
function createProof(token: string, claims: Record<string, unknown> = {}): string {
  return mintProof({ token, claims: { iat: now(), htm: METHOD, htu: URI, ...claims } });
}

/** A good DPoP request with a proof of its own. */
export function dpopRequest(token: string): PresentedRequest {
  return { scheme: 'DPoP', token, proof: createProof(token) };
}

/** DPoP requests to refuse; the first one has the fault that a bare signature check can see. */
export function badDpopRequests(token: string): readonly BadRequest[] {
  const good = { scheme: 'DPoP', token } as const;
  const tampered = tamper(token);
  return [
    { name: 'a tampered proof', request: { ...good, proof: tamper(createProof(token)) } },
    {
      name: 'a tampered token',
      request: { ...good, token: tampered, proof: createProof(tampered) },
    },
    { name: 'another method', request: { ...good, proof: createProof(token, { htm: 'POST' }) } },
    {
      name: 'another URI',
      request: { ...good, proof: createProof(token, { htu: `${URI}/other` }) },
    },
    { name: 'another token in ath', request: { ...good, proof: createProof(`${token}x`) } },
    {
      name: 'another key',
      request: {
        ...good,
        proof: mintProof({
          key: KEYS.mallory,
          token,
          claims: { iat: now(), htm: METHOD, htu: URI },
        }),
      },
    },
    {
      name: 'an old proof',
      request: { ...good, proof: createProof(token, { iat: now() - 3600 }) },
    },
  ];
}

/** A good bearer request. */
export function bearerRequest(token: string): PresentedRequest {
  return { scheme: 'Bearer', token };
}

/** Bearer requests to refuse; the first one has the fault that a bare signature check can see. */
export function badBearerRequests(): readonly BadRequest[] {
  return [
    { name: 'a tampered token', request: bearerRequest(tamper(createToken(false))) },
    {
      name: 'another audience',
      request: bearerRequest(createToken(false, { aud: 'https://other.example' })),
    },
    {
      name: 'another issuer',
      request: bearerRequest(createToken(false, { iss: 'https://other.example' })),
    },
    {
      name: 'an expired token',
      request: bearerRequest(createToken(false, { iat: now() - 7200, exp: now() - 3600 })),
    },
  ];
}

/** The same JWS with one bit of its signature changed. */
export function tamper(jws: string): string {
  const start = jws.lastIndexOf('.') + 1;
  const signature = Buffer.from(jws.slice(start), 'base64url');
  signature.writeUInt8(signature.readUInt8(10) ^ 1, 10);
  return jws.slice(0, start) + signature.toString('base64url');
}
