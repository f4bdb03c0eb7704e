import {
  AuthError,
  type Clock,
  importVerifyKey,
  isUnavailableError,
  type ProtectedRequest,
  type ReplayStore,
  type SignatureAlgorithm,
  sha256Base64url,
  systemClock,
  UnavailableError,
  validateAlgorithms,
  verifySignature,
} from '@keybound/core';
import { formatHttpUri, parseHttpUri, redactUri } from './http-uri.ts';
import type { NonceState, Nonces } from './nonces.ts';
import { PRESETS, type PresetName } from './presets.ts';
import { type ParsedProof, parseProof } from './proof.ts';
import { type ProofClaims, parseProofClaims } from './proof-claims.ts';
import { createTargetUri, type TargetUriOptions } from './target-uri.ts';
import { createProofWindow, type WindowOptions } from './window.ts';

/** What both servers need to check proofs. */
export interface ProofOptions extends TargetUriOptions, Partial<WindowOptions> {
  /**
   * Where used proofs are remembered. `'off-accepting-replays'` remembers nothing: whoever sees a
   * whole request can send it again until the proof is too old.
   */
  readonly replay: ReplayStore | 'off-accepting-replays';
  /** Demands a nonce of this server in every proof (RFC 9449 §8, §9). @defaultValue none demanded */
  readonly nonces?: Nonces;
  /** Where window and algorithms come from when not given. @defaultValue 'default': 60 s past, 30 s future */
  readonly preset?: PresetName;
  /** The algorithms a proof may be signed with, in the order told to clients. @defaultValue the preset's */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A proof that passed every check. */
export interface VerifiedProof {
  readonly jkt: string;
  /** What its nonce was; undefined when none is demanded. */
  readonly nonce: NonceState | undefined;
}

/** The checks of RFC 9449 §4.3 in two halves, so that a token can be verified between them. */
export interface ProofChecks {
  readonly algorithms: readonly SignatureAlgorithm[];
  /** The half that is cheap: form, header, key. */
  parse(request: ProtectedRequest): Promise<ParsedProof>;
  /**
   * The other half: signature, claims, and last the replay record.
   *
   * @param token - the access token the proof must name in `ath`; left out at the authorization server
   */
  verify(proof: ParsedProof, request: ProtectedRequest, token?: string): Promise<VerifiedProof>;
}

/** Field names a proxy sets; told in a mismatch, because one of them is its usual cause. */
const FORWARDED_FIELDS = [
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-forwarded-port',
];

/** @throws TypeError when an option is missing or out of range. */
export function createProofChecks(options: ProofOptions): ProofChecks {
  const { replay, nonces, clock = systemClock } = options;
  if (replay !== 'off-accepting-replays' && typeof replay?.add !== 'function') {
    throw new TypeError("replay: give a replay store, or 'off-accepting-replays'");
  }
  if (nonces !== undefined && typeof nonces?.judge !== 'function') {
    throw new TypeError('nonces: give what createNonces returns');
  }
  if (options.preset !== undefined && !Object.hasOwn(PRESETS, options.preset)) {
    throw new TypeError(`preset: must be one of ${Object.keys(PRESETS).join(', ')}`);
  }
  const preset = PRESETS[options.preset ?? 'default'];
  const algorithms = validateAlgorithms(options.algorithms ?? preset.algorithms);
  const window = createProofWindow({
    maxAgeSeconds: options.maxAgeSeconds ?? preset.maxAgeSeconds,
    maxFutureSeconds: options.maxFutureSeconds ?? preset.maxFutureSeconds,
  });
  const targetUri = createTargetUri(options);

  return {
    algorithms,
    parse: (request) => parseProof(request.headers('dpop'), algorithms),

    async verify(proof, request, token): Promise<VerifiedProof> {
      await checkSignature(proof); // check 6
      const claims = parseProofClaims(proof.jws.payload); // check 3
      if (claims.htm !== request.method) throw htmMismatch(claims.htm, request.method); // check 8
      checkTarget(claims.htu, targetUri(request), request); // check 9
      const now = clock();
      window.check(claims.iat, now); // check 11
      checkLifetime(claims, now);
      const nonce = nonces && (await checkNonce(claims.nonce, nonces)); // check 10
      if (token !== undefined) await checkTokenHash(claims.ath, token); // check 12
      if (replay !== 'off-accepting-replays') {
        await spend(replay, proof.jkt, claims.jti, window.rememberUntil(claims.iat));
        // Once more: a store that answered late may have forgotten an earlier copy by then.
        window.check(claims.iat, clock());
      }
      return { jkt: proof.jkt, nonce };
    },
  };
}

async function checkSignature({ jwk, algorithm, jws }: ParsedProof): Promise<void> {
  const key = await importVerifyKey(jwk, algorithm);
  if (key === undefined) throw new AuthError('jwk_malformed', { facts: { algorithm } });
  if (!(await verifySignature(key, jws.signature, jws.signingInput))) {
    throw new AuthError('proof_signature_invalid');
  }
}

function htmMismatch(received: string, expected: string): AuthError {
  return new AuthError('htm_mismatch', { facts: { received, expected } });
}

function checkTarget(htu: string, expected: string, request: ProtectedRequest): void {
  const received = parseHttpUri(htu);
  if (received === undefined) {
    throw new AuthError('htu_malformed', { facts: { received: redactUri(htu) } });
  }
  if (formatHttpUri(received) !== expected) {
    throw new AuthError('htu_mismatch', {
      facts: {
        received: formatHttpUri(received),
        expected,
        untrustedFields: FORWARDED_FIELDS.filter((name) => request.headers(name).length > 0),
      },
    });
  }
}

/** `exp` and `nbf` are no claims of a proof, but a JWT that has them means them (RFC 7519 §4.1). */
function checkLifetime({ exp, nbf }: ProofClaims, now: number): void {
  if (exp !== undefined && now >= exp) {
    throw new AuthError('proof_expired', { facts: { expiredSecondsAgo: now - exp } });
  }
  if (nbf !== undefined && now < nbf) {
    throw new AuthError('proof_from_future', { facts: { validInSeconds: nbf - now } });
  }
}

async function checkNonce(nonce: string | undefined, nonces: Nonces): Promise<NonceState> {
  if (nonce === undefined) throw new AuthError('nonce_missing');
  const state = await nonces.judge(nonce);
  if (state === 'unknown') throw new AuthError('nonce_stale');
  return state;
}

async function checkTokenHash(ath: string | undefined, token: string): Promise<void> {
  if (ath === undefined) throw new AuthError('ath_missing');
  if (ath !== (await sha256Base64url(token))) throw new AuthError('ath_mismatch');
}

/**
 * Spends the proof. The record's name is made of key and `jti`: the text of a proof can be respelled
 * without the key (ECDSA accepts -s for s), its key and `jti` cannot. The thumbprint has a fixed
 * length, so the pair is unambiguous.
 */
async function spend(
  replay: ReplayStore,
  jkt: string,
  jti: string,
  rememberUntil: number,
): Promise<void> {
  const id = await sha256Base64url(`${jkt}.${jti}`);
  let isNew: unknown;
  try {
    isNew = await replay.add({ id, rememberUntil });
  } catch (cause) {
    if (isUnavailableError(cause)) throw cause;
    throw new UnavailableError('replay_store', 'the replay store failed', { cause });
  }
  if (typeof isNew !== 'boolean') {
    throw new UnavailableError('replay_store', 'the replay store answered neither true nor false');
  }
  if (!isNew) throw new AuthError('proof_replayed', { facts: { jkt } });
}
