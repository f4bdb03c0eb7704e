import type { Attack } from './attack.ts';
import { written } from './craft.ts';
import { deepArrays } from './fillers.ts';
import { proofFilledWith } from './proof-form-attacks.ts';
import { garbageTokenFilledWith } from './token-attacks.ts';

/** Both of them fit into the 16 KiB that Node reads. */
const CHARS = 8000;
/** Of a proof in a member of its payload; a token may be deeper. */
const DEPTH = 6;

const proof = proofFilledWith(deepArrays(DEPTH), undefined, CHARS);
const token = garbageTokenFilledWith(deepArrays(DEPTH), CHARS);

/** The dearest form for a proof and for a token in one request, and a signature on top. */
export const LARGEST_ATTACK: Attack = {
  name: 'token and proof of 8000: arrays 8 deep',
  needs: 'nothing',
  outcome: 'token_signature_invalid',
  boundBy: "16 KiB of Node's maxHeaderSize",
  write: () => written({ token: token(), proof: proof() }),
};
