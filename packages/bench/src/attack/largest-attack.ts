import type { Attack } from './attack.ts';
import { written } from './craft.ts';
import { escapedMembers } from './fillers.ts';
import { proofFilledWith } from './proof-form-attacks.ts';
import { garbageTokenFilledWith } from './token-attacks.ts';

/** Both of them fit into the 16 KiB that Node reads. */
const CHARS = 8000;
/** Members that either may have beside those of a good one. */
const PROOF_MEMBERS = 50;
const TOKEN_MEMBERS = 240;

const proof = proofFilledWith(escapedMembers(PROOF_MEMBERS), undefined, CHARS);
const token = garbageTokenFilledWith(escapedMembers(TOKEN_MEMBERS), CHARS);

/** The dearest form for a proof and for a token in one request, and a signature on top. */
export const LARGEST_ATTACK: Attack = {
  name: 'token and proof of 8000: escaped names',
  needs: 'nothing',
  outcome: 'token_signature_invalid',
  boundBy: "16 KiB of Node's maxHeaderSize",
  write: () => written({ token: token(), proof: proof() }),
};
