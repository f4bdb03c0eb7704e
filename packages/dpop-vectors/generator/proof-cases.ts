import type { RequestTest } from '../src/format.ts';
import { acceptable, BAD_PROOF, type Draft, type Facts, invalid, OK, valid } from './draft.ts';
import { KEYS, type Key, thumbprint } from './keys/keys.ts';
import { accessToken, type ProofVariation, proof, request } from './messages.ts';

/** A case about the form of a proof: a variation of the good one, or the text in its place. */
export type ProofRow = readonly [
  id: string,
  comment: string,
  requirements: string,
  proof: GivenProof,
  facts?: Facts,
];

/** A variation of the good proof, the text of one for the good key, or the text of one for a key. */
type GivenProof = ProofVariation | string | { readonly key: Key; readonly text: string };

/** A row about which the RFCs leave a choice, and why it is decided as it is. */
export type OpenProofRow = readonly [reason: string, ...row: ProofRow];

export function acceptedProof([
  id,
  comment,
  requirements,
  given,
  facts,
]: ProofRow): Draft<RequestTest> {
  return valid<RequestTest>(id, comment, requirements, { ...withOne(given), expect: OK }, facts);
}

export function refusedProof([
  id,
  comment,
  requirements,
  given,
  facts,
]: ProofRow): Draft<RequestTest> {
  const content = { ...withOne(given), expect: BAD_PROOF };
  return invalid<RequestTest>(id, comment, requirements, content, facts);
}

/** A proof that this suite holds to be good. */
export function tolerableProof([
  reason,
  id,
  comment,
  requirements,
  given,
  facts,
]: OpenProofRow): Draft<RequestTest> {
  const content = { ...withOne(given), expect: OK };
  return acceptable<RequestTest>('accept', id, comment, requirements, content, {
    ...facts,
    reason,
  });
}

/** A proof that this suite holds to be bad. */
export function doubtfulProof([
  reason,
  id,
  comment,
  requirements,
  given,
  facts,
]: OpenProofRow): Draft<RequestTest> {
  const content = { ...withOne(given), expect: BAD_PROOF };
  return acceptable<RequestTest>('reject', id, comment, requirements, content, {
    ...facts,
    reason,
  });
}

/** The good request with one proof in the place of the good one, and a token bound to its key. */
function withOne(given: GivenProof): Pick<RequestTest, 'request'> {
  if (typeof given === 'string') return withOne({ key: KEYS.ec1, text: given });
  const token = accessToken({ boundTo: 'text' in given ? given.key : boundKey(given) });
  const text = 'text' in given ? given.text : proof({ token, ...given });
  return { request: request({ authorization: `DPoP ${token}`, proofs: [text] }) };
}

/** The members of a thumbprint (RFC 7638 §3.2, RFC 8037 §2, AKP keys alike). */
const THUMBPRINT_MEMBERS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['RSA', ['e', 'kty', 'n']],
  ['OKP', ['crv', 'kty', 'x']],
  ['AKP', ['alg', 'kty', 'pub']],
]);

/**
 * The key as the header spells it, with the thumbprint of that spelling: who takes the key as it comes finds
 * the token bound to it, so that only a check of the key itself refuses the request.
 */
function boundKey({ key = KEYS.ec1, header }: ProofVariation): Pick<Key, 'jkt'> {
  const jwk = header?.jwk;
  if (typeof jwk !== 'object' || jwk === null) return key;
  const members: Readonly<Record<string, unknown>> = { ...jwk };
  const names = THUMBPRINT_MEMBERS.get(members.kty) ?? [];
  const texts = names.map((name) => [name, members[name]] as const);
  if (texts.length === 0 || texts.some(([, value]) => typeof value !== 'string')) return key;
  return { jkt: thumbprint(Object.fromEntries(texts) as Readonly<Record<string, string>>) };
}
