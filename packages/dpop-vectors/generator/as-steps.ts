import type { AsRequestVector, Expect, SequenceStep } from '../src/format.ts';
import { CLOCK } from './deployment.ts';
import { KEYS, type Key } from './keys/keys.ts';
import { asProof } from './messages.ts';

type Changes = Partial<SequenceStep>;

/** A proof for the token endpoint whose `jti` the case chooses, made `seconds` behind {@link CLOCK}. */
export function proofOf(
  jti: string,
  { key = KEYS.ec1, seconds = 0, nonce }: { key?: Key; seconds?: number; nonce?: string } = {},
): readonly [string] {
  const claims = { jti, iat: CLOCK + seconds, ...(nonce !== undefined && { nonce }) };
  return [asProof({ key, claims })];
}

/** A step that is accepted and that the decisive one stands on. */
export function firstOf(
  comment: string,
  request: AsRequestVector,
  changes: Changes = {},
): SequenceStep {
  return { ...acceptedOf(comment, request, changes), setup: true };
}

/** A step that must be accepted. */
export function acceptedOf(
  comment: string,
  request: AsRequestVector,
  changes: Changes = {},
): SequenceStep {
  return {
    comment,
    requests: [request],
    result: 'valid',
    expect: { status: [200, 201] },
    ...changes,
  };
}

/** A step that must be refused. */
export function refusedOf(
  comment: string,
  request: AsRequestVector,
  expect: Expect,
  changes: Changes = {},
): SequenceStep {
  return { comment, requests: [request], result: 'invalid', expect, ...changes };
}
