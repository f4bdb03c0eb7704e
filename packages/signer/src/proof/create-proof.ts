import {
  type Awaitable,
  type Clock,
  encodeBase64url,
  encodeTextBase64url,
  encodeUtf8,
  sha256Base64url,
  systemClock,
} from '@keybound/core';
import { minimalJwk } from '../keys/minimal-jwk.ts';
import type { Signer } from '../keys/signer.ts';
import { formatHtu } from './htu.ts';

/** What one proof is about. */
export interface ProofOptions {
  /** The HTTP method exactly as it goes on the wire: `patch` is not `PATCH`. */
  readonly method: string;
  /** The URL of the request. Query, fragment and userinfo do not reach the proof. */
  readonly uri: string | URL;
  /** The token the request presents; left out at token and PAR endpoints, and so is `ath`. */
  readonly accessToken?: string | undefined;
  /** The newest nonce of the server that gets the proof; left out while it has sent none. */
  readonly nonce?: string | undefined;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/**
 * A DPoP proof for one request (RFC 9449 §4.2): a compact JWS with `typ` dpop+jwt, `alg` and the
 * minimal public `jwk`; claims `jti`, a random UUID of version 4, `htm`, `htu`, `iat` in whole seconds, `ath`
 * with an access token, and `nonce` where given.
 *
 * Make one for every request that is sent, retries and redirects included; {@link createDpopFetch}
 * does. The access token is hashed and never parsed (RFC 9068 §6).
 *
 * @throws TypeError when `method` is no text, `uri` is not an absolute URL, the clock gives no number, or
 * the signer's public key does not fit its algorithm.
 * @throws SignerError `uri_not_secure`
 */
export async function createProof(signer: Signer, options: ProofOptions): Promise<string> {
  const { method, uri, accessToken, nonce, clock = systemClock } = options;
  if (typeof method !== 'string') throw new TypeError('method: must be a text');
  const iat = Math.floor(clock());
  if (!Number.isFinite(iat)) throw new TypeError('clock: must give a number of seconds');
  const constant = constantOf(signer);
  const ath = accessToken === undefined ? undefined : await hashOnce(constant, accessToken);
  // Written out, which takes less time. A UUID and a hash have nothing to escape.
  const claims =
    `{"jti":"${crypto.randomUUID()}","htm":${JSON.stringify(method)},"htu":${JSON.stringify(formatHtu(uri))}` +
    `,"iat":${iat}` +
    (ath === undefined ? '' : `,"ath":"${ath}"`) +
    (nonce === undefined ? '}' : `,"nonce":${JSON.stringify(nonce)}}`);
  const signingInput = `${constant.header}.${encodeTextBase64url(claims)}`;
  // An array of its own: a signer may pass its buffer on, and on Node others' octets lie in that.
  const signature = await signer.sign(new Uint8Array(encodeUtf8(signingInput)));
  return `${signingInput}.${encodeBase64url(signature)}`;
}

/** What stays the same from proof to proof and is worked out once: the header, and `ath` of a token. */
interface Constant {
  readonly header: string;
  hashed: { readonly token: string; readonly ath: Awaitable<string> } | undefined;
}

const constants = new WeakMap<Signer, Constant>();

function constantOf(signer: Signer): Constant {
  let constant = constants.get(signer);
  if (constant === undefined) {
    const { algorithm, publicJwk } = signer;
    const jwk = minimalJwk(publicJwk, algorithm);
    const header = JSON.stringify({ typ: 'dpop+jwt', alg: algorithm, jwk });
    constant = { header: encodeTextBase64url(header), hashed: undefined };
    constants.set(signer, constant);
  }
  return constant;
}

/** A client presents one token many times, so the last hash is kept. */
function hashOnce(constant: Constant, token: string): Awaitable<string> {
  if (constant.hashed?.token !== token) {
    constant.hashed = { token, ath: sha256Base64url(token) };
  }
  return constant.hashed.ath;
}
