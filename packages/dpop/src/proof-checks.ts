import {
  AuthError,
  type Awaitable,
  type CacheBounds,
  type Clock,
  importVerifyKey,
  isPromised,
  type Observation,
  type ProtectedRequest,
  type ReplayStore,
  type SignatureAlgorithm,
  type SignatureThread,
  systemClock,
  type VerifyKey,
  validateAlgorithms,
  validateSignatureThread,
  verifySignature,
} from '@keybound/core';
import { createTargetCheck } from './check-target.ts';
import { createKnownKeys } from './known-keys.ts';
import { createNonceHeaders, type NonceHeaders } from './nonce-headers.ts';
import type { JudgedNonce, Nonces } from './nonces.ts';
import { PRESETS, type PresetName } from './presets.ts';
import { type ParsedProof, parseProof } from './proof.ts';
import { type ProofClaims, parseProofClaims } from './proof-claims.ts';
import type { ProofHeader } from './proof-header.ts';
import { createSpending } from './spend-proof.ts';
import type { TargetUriOptions } from './target-uri.ts';
import { createProofWindow, type WindowOptions } from './window.ts';

/** What both servers need to check proofs. */
export interface ProofOptions extends TargetUriOptions, Partial<WindowOptions> {
  /**
   * Where used proofs are remembered. `'off-accepting-replays'` remembers nothing: whoever sees a
   * whole request can send it again until the proof is too old.
   */
  readonly replay: ReplayStore | 'off-accepting-replays';
  /**
   * Demands a nonce of this server in every proof (RFC 9449 §8, §9), or only from a certain fill of the
   * replay store on, see {@link ProofOptions.nonceFromFill}. @defaultValue none demanded
   */
  readonly nonces?: Nonces;
  /**
   * The pressure valve: the fill of the replay store, from 0 to 1, from which on a proof without a nonce
   * is asked for one; below it, such a proof passes. The record of a proof with a nonce ends with its
   * nonce, so nonces of few seconds (`stepSeconds`) keep a crowded store small. Whatever is set here, a
   * nonce that is there must be a good one, and a store that has lost its records asks for one.
   * @defaultValue 0, which demands one always
   */
  readonly nonceFromFill?: number;
  /** Where window and algorithms come from when not given. @defaultValue 'default': 60 s past, 30 s future */
  readonly preset?: PresetName;
  /** The algorithms a proof may be signed with, in the order told to clients. @defaultValue the preset's */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /**
   * Bounds of the memory of keys that made good proofs, or `'off'`. A key that is remembered saves what
   * takes as long as a signature: making it ready. Nothing that was checked is skipped.
   * @defaultValue at most 10 000 keys and 64 MiB
   */
  readonly keyCache?: CacheBounds | 'off';
  /** Where Node checks signatures. @defaultValue 'adaptive' */
  readonly signatureThread?: SignatureThread;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A proof that passed every check. */
export interface VerifiedProof {
  readonly jkt: string;
  /** Its nonce; undefined when it has none and none is demanded. */
  readonly nonce: JudgedNonce | undefined;
}

/** The checks of RFC 9449 §4.3 in two halves, so that a token can be verified between them. */
export interface ProofChecks {
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly nonceHeaders: NonceHeaders;
  /** The half that is cheap: form, header, key. */
  parse(request: ProtectedRequest): Awaitable<ParsedProof>;
  /**
   * The other half: claims, signature, nonce, and last the replay record.
   *
   * @param tokenHash - what `ath` must be; left out at the authorization server, where none is compared
   * @param observation - where to write age, memory and time; left out where nobody listens
   */
  verify(
    proof: ParsedProof,
    request: ProtectedRequest,
    tokenHash?: string,
    observation?: Observation,
  ): Promise<VerifiedProof>;
}

/** @throws TypeError when an option is missing or out of range. */
export function createProofChecks(options: ProofOptions): ProofChecks {
  const { replay, nonces, nonceFromFill = 0, clock = systemClock } = options;
  if (replay !== 'off-accepting-replays' && typeof replay?.add !== 'function') {
    throw new TypeError("replay: give a replay store, or 'off-accepting-replays'");
  }
  if (nonces !== undefined && typeof nonces?.judge !== 'function') {
    throw new TypeError('nonces: give what createNonces returns');
  }
  const fill = fillOf(replay, nonces, nonceFromFill);
  if (options.preset !== undefined && !Object.hasOwn(PRESETS, options.preset)) {
    throw new TypeError(`preset: must be one of ${Object.keys(PRESETS).join(', ')}`);
  }
  const preset = PRESETS[options.preset ?? 'default'];
  const algorithms = validateAlgorithms(options.algorithms ?? preset.algorithms);
  const window = createProofWindow({
    maxAgeSeconds: options.maxAgeSeconds ?? preset.maxAgeSeconds,
    maxFutureSeconds: options.maxFutureSeconds ?? preset.maxFutureSeconds,
  });
  const signatureThread = validateSignatureThread(options.signatureThread ?? 'adaptive');
  const known = createKnownKeys(options.keyCache ?? {});
  const checkTarget = createTargetCheck(options);
  const spend = createSpending({ replay, window, asksForNonces: nonces !== undefined, clock });

  /** Check 10. */
  async function checkNonce(
    nonces: Nonces,
    nonce: string | undefined,
  ): Promise<JudgedNonce | undefined> {
    if (nonce === undefined) {
      if (fill() < nonceFromFill) return undefined;
      throw new AuthError('nonce_missing');
    }
    const judged = await nonces.judge(nonce);
    if (judged === undefined) throw new AuthError('nonce_stale');
    return judged;
  }

  return {
    algorithms,
    nonceHeaders: createNonceHeaders({ nonces, replay, window, clock }),
    parse: (request) => parseProof(request.headers('dpop'), algorithms, known),

    // What the claims say is compared before the signature is checked, because it costs next to nothing.
    async verify(proof, request, tokenHash, observation): Promise<VerifiedProof> {
      const { jkt } = proof.header;
      const claims = parseProofClaims(proof.payload); // check 3
      if (claims.htm !== request.method) throw htmMismatch(claims.htm, request.method); // check 8
      checkTarget(claims.htu, request); // check 9
      const now = clock();
      if (observation !== undefined) observation.proofAgeSeconds = now - claims.iat;
      window.check(claims.iat, now); // check 11
      checkLifetime(claims, now);
      if (tokenHash !== undefined) checkTokenHash(claims.ath, tokenHash); // check 12
      const remembered = known.key(proof.header);
      if (observation !== undefined) observation.isKeyRemembered = remembered !== undefined;
      const key = remembered ?? (await importKey(proof.header));
      const isValid = verifySignature(key, proof.signature, proof.signingInput, signatureThread);
      if ((isPromised(isValid) ? await isValid : isValid) !== true) {
        throw new AuthError('proof_signature_invalid'); // check 6
      }
      known.remember(proof, key);
      const nonce = nonces && (await checkNonce(nonces, claims.nonce));
      if (spend !== undefined) {
        const spending = spend(jkt, claims, nonce);
        await (observation === undefined ? spending : timed(spending, observation));
      }
      return { jkt, nonce };
    },
  };
}

/** Waits for the replay store, and observes for how long. */
async function timed(spending: Promise<void>, observation: Observation): Promise<void> {
  const from = observation.stopwatch();
  try {
    await spending;
  } finally {
    observation.replaySeconds = observation.stopwatch() - from;
  }
}

/** How full the replay store is; asked only where a fill makes a difference. */
function fillOf(
  replay: ProofOptions['replay'],
  nonces: Nonces | undefined,
  nonceFromFill: number,
): () => number {
  if (!(typeof nonceFromFill === 'number' && nonceFromFill >= 0 && nonceFromFill <= 1)) {
    throw new TypeError('nonceFromFill: must be a number from 0 to 1');
  }
  if (nonceFromFill === 0) return () => 1;
  if (nonces === undefined) throw new TypeError('nonceFromFill: needs nonces to ask for');
  if (replay === 'off-accepting-replays' || typeof replay.status !== 'function') {
    throw new TypeError('nonceFromFill: needs a replay store that tells its fill');
  }
  const { status } = replay;
  return () => status.call(replay).fill;
}

async function importKey({ jwk, algorithm }: ProofHeader): Promise<VerifyKey> {
  const key = await importVerifyKey(jwk, algorithm);
  if (key === undefined) throw new AuthError('jwk_malformed', { facts: { algorithm } });
  return key;
}

function htmMismatch(received: string, expected: string): AuthError {
  return new AuthError('htm_mismatch', { facts: { received, expected } });
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

function checkTokenHash(ath: string | undefined, expected: string): void {
  if (ath === undefined) throw new AuthError('ath_missing');
  if (ath !== expected) throw new AuthError('ath_mismatch');
}
