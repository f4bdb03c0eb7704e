import type { AsTest } from '../src/format.ts';
import { AS_BAD_PROOF, boundTo, forItself } from './as-cases.ts';
import { type Draft, type Facts, invalid, valid } from './draft.ts';
import { KEYS } from './keys/keys.ts';
import { asProof, type ProofVariation } from './messages.ts';

/** How the proof differs from the good one, or the `DPoP` fields in its place. */
export type SentProof = ProofVariation | readonly string[];

/** A case about the proof of one token request: what is said of it, and what is sent. */
export type ProofRow = readonly [
  id: string,
  comment: string,
  requirements: string,
  sent: SentProof,
  facts?: Facts,
];

/** The request of `machine` for itself. */
export function contentOf(sent: SentProof): Pick<AsTest, 'state' | 'request'> {
  const dpop = isFields(sent) ? sent : [asProof(sent)];
  return { state: {}, request: forItself(dpop) };
}

function isFields(sent: SentProof): sent is readonly string[] {
  return Array.isArray(sent);
}

export function refusedProof([id, comment, requirements, sent, facts]: ProofRow): Draft<AsTest> {
  const content = { ...contentOf(sent), expect: AS_BAD_PROOF };
  return invalid<AsTest>(id, comment, requirements, content, facts);
}

export function acceptedProof([id, comment, requirements, sent]: ProofRow): Draft<AsTest> {
  const { key = KEYS.ec1 } = isFields(sent) ? {} : sent;
  return valid<AsTest>(id, comment, requirements, { ...contentOf(sent), expect: boundTo(key) });
}
