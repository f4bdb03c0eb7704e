import type { Expect, RequestVector, SequenceStep } from '../src/format.ts';
import { CLOCK, ORIGIN } from './deployment.ts';
import { BAD_PROOF, OK } from './draft.ts';
import { KEYS, type Key } from './keys/keys.ts';
import { accessToken, type ProofVariation, proof, request } from './messages.ts';

/** The resource of most sequences. */
export const NOTES = '/dpop/notes';

/** A token that outlives every window. */
export const LASTING = accessToken({ claims: { exp: CLOCK + 86_400 } });

/** What a request of a sequence differs in. */
interface Sent {
  readonly target?: string;
  /** @defaultValue the target without its query */
  readonly path?: string;
  readonly key?: Key;
  readonly token?: string;
  readonly scheme?: 'DPoP' | 'Bearer';
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly variation?: ProofVariation;
  /** What somebody does to the proof on its way. */
  readonly respell?: (proof: string) => string;
}

/** A request whose proof has the `jti` that the case is about. */
export function sent(
  jti: string,
  { target = NOTES, key = KEYS.ec1, ...rest }: Sent = {},
): RequestVector {
  const { token = accessToken({ boundTo: key }), scheme = 'DPoP', respell = (text) => text } = rest;
  const path = rest.path ?? target.split('?')[0];
  const claims = { jti, htu: `${ORIGIN}${path}`, ...rest.claims };
  return request({
    target,
    authorization: `${scheme} ${token}`,
    proofs: [respell(proof({ key, token, ...rest.variation, claims }))],
  });
}

/** A step that is accepted and that the decisive one stands on. */
export function before(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, setup: true, requests: [one], result: 'valid', expect: OK, ...changes };
}

/** A step that is refused and that the decisive one stands on. */
export function refusedBefore(comment: string, one: RequestVector, expect: Expect): SequenceStep {
  return { comment, setup: true, requests: [one], result: 'invalid', expect };
}

/** A step that must be accepted. */
export function accepted(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, requests: [one], result: 'valid', expect: OK, ...changes };
}

/** A step that must be refused. */
export function refusedStep(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, requests: [one], result: 'invalid', expect: BAD_PROOF, ...changes };
}
