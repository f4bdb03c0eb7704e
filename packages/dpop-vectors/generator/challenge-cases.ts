import type { ChallengeAssertion, ChallengeTest, RequestVector } from '../src/format.ts';
import { acceptable, type Draft, valid } from './draft.ts';

export type Assertions = readonly ChallengeAssertion[];
export type ChallengeCase = Draft<ChallengeTest>;
type Changes = Partial<Pick<ChallengeTest, 'override'>>;

const WELL_FORMED: ChallengeAssertion = { kind: 'well-formed' };

export function status(...oneOf: readonly number[]): ChallengeAssertion {
  return { kind: 'status', oneOf };
}

/** A challenge of the scheme with these parameters, null for any value. */
export function challenge(
  scheme: 'DPoP' | 'Bearer',
  has: Readonly<Record<string, string | null>> = {},
  lacks: readonly string[] = [],
): ChallengeAssertion {
  return { kind: 'challenge', scheme, has, ...(lacks.length > 0 && { lacks }) };
}

/** What the RFCs demand. Every challenge parses, whatever else a case is about. */
export function must(
  id: string,
  comment: string,
  requirements: string,
  vector: RequestVector,
  assertions: Assertions,
  changes: Changes = {},
): ChallengeCase {
  return valid<ChallengeTest>(
    id,
    comment,
    requirements,
    { request: vector, ...changes, assertions: [...assertions, WELL_FORMED] },
    { base: null },
  );
}

/** What the RFCs recommend, or leave open. */
export function should(
  id: string,
  comment: string,
  requirements: string,
  vector: RequestVector,
  assertions: Assertions,
  { reason, ...changes }: Changes & { readonly reason: string },
): ChallengeCase {
  return acceptable<ChallengeTest>(
    'accept',
    id,
    comment,
    requirements,
    { request: vector, ...changes, assertions: [...assertions, WELL_FORMED] },
    { base: null, reason },
  );
}
