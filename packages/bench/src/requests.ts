import { type KeyObject, randomBytes } from 'node:crypto';
import { ISSUER, mintProof, mintToken, RESOURCE, type TestKey } from '@keybound/test-kit';
import type { Suite } from './suite.ts';

/** A request for {@link TARGET} as a server receives it. */
export interface PresentedRequest {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  /** Left out in a bearer request. */
  readonly proof?: string;
  /** Whose signatures these are: for the limit, whose keys are ready before it begins. */
  readonly signers: { readonly token: KeyObject; readonly proof?: KeyObject };
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

// Longer than any run, so that no token expires in the middle of one.
const TOKEN_SECONDS = 7200;
const HOUR = 3600;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** An access token for the API, bound to a client's key or not; a new one with every call. */
export function createToken(
  { issuer }: Suite,
  boundTo?: TestKey,
  claims: Record<string, unknown> = {},
): string {
  return mintToken({
    key: issuer,
    ...(boundTo !== undefined && { boundTo }),
    claims: {
      // In the forms that @atproto/oauth-provider insists on; to the others any text is as good.
      sub: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
      jti: `tok-${randomBytes(16).toString('hex')}`,
      iat: now(),
      exp: now() + TOKEN_SECONDS,
      ...claims,
    },
  });
}

/** A proof made just now, so that it is fresh whenever in a run it is used. */
function createProof(key: TestKey, token: string, claims: Record<string, unknown> = {}): string {
  return mintProof({ key, token, claims: { iat: now(), htm: METHOD, htu: URI, ...claims } });
}

/** A good DPoP request of a client, with a proof of its own. */
export function dpopRequest(suite: Suite, token: string, client = suite.client): PresentedRequest {
  return {
    scheme: 'DPoP',
    token,
    proof: createProof(client, token),
    signers: { token: suite.issuer.publicKey, proof: client.publicKey },
  };
}

/** DPoP requests to refuse; the first one has the fault that a bare signature check can see. */
export function badDpopRequests(suite: Suite, token: string): readonly BadRequest[] {
  const good = dpopRequest(suite, token);
  const { client, stranger } = suite;
  const tampered = tamper(token);
  const proofs: readonly (readonly [string, Partial<PresentedRequest>])[] = [
    ['a tampered proof', { proof: tamper(createProof(client, token)) }],
    ['a tampered token', { token: tampered, proof: createProof(client, tampered) }],
    ['another method', { proof: createProof(client, token, { htm: 'POST' }) }],
    ['another URI', { proof: createProof(client, token, { htu: `${URI}/other` }) }],
    ['another token in ath', { proof: createProof(client, `${token}x`) }],
    ['another key', { proof: createProof(stranger, token) }],
    ['an old proof', { proof: createProof(client, token, { iat: now() - HOUR }) }],
  ];
  return proofs.map(([name, fault]) => ({ name, request: { ...good, ...fault } }));
}

/** A good bearer request. */
export function bearerRequest({ issuer }: Suite, token: string): PresentedRequest {
  return { scheme: 'Bearer', token, signers: { token: issuer.publicKey } };
}

/** Bearer requests to refuse; the first one has the fault that a bare signature check can see. */
export function badBearerRequests(suite: Suite): readonly BadRequest[] {
  const other = 'https://other.example';
  const tokens: readonly (readonly [string, string])[] = [
    ['a tampered token', tamper(createToken(suite))],
    ['another audience', createToken(suite, undefined, { aud: other })],
    ['another issuer', createToken(suite, undefined, { iss: other })],
    [
      'an expired token',
      createToken(suite, undefined, { iat: now() - 2 * HOUR, exp: now() - HOUR }),
    ],
  ];
  return tokens.map(([name, token]) => ({ name, request: bearerRequest(suite, token) }));
}

/** The same JWS with one bit of its signature changed. */
export function tamper(jws: string): string {
  const start = jws.lastIndexOf('.') + 1;
  const signature = Buffer.from(jws.slice(start), 'base64url');
  signature.writeUInt8(signature.readUInt8(10) ^ 1, 10);
  return jws.slice(0, start) + signature.toString('base64url');
}
