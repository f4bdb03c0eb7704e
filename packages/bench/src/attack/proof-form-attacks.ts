import { KEYS, mintProof } from '@keybound/test-kit';
import type { Attack } from './attack.ts';
import { goodClaims, tokenOf, withMembers, written } from './craft.ts';
import {
  bottomless,
  deepArrays,
  duplicateAtEnd,
  emptyArrays,
  emptyObjects,
  escapedMembers,
  escapes,
  type Filler,
  filledTo,
  longNumber,
  longText,
  manyMembers,
  manyObjects,
  newMembers,
  objectsWithoutEnd,
} from './fillers.ts';

// The limits of packages/dpop/src/proof.ts.
const PROOF_CHARS = 8192;
const HEADER_CHARS = 4096;
const DEPTH = 8;
const MEMBERS = 64;
const VALUES = 256;
/** Members that good claims and a good header with an ES256 key have anyway. */
const CLAIMS = 5;
const HEADER_MEMBERS = 7;
/** What is left of the values beside those, their objects and the list around others. */
const MORE_VALUES = VALUES - 12;

const token = tokenOf(KEYS.alice);

/** The text of a header with a filler, as long as headers may be. */
function headerFilledWith(filler: Filler): () => string {
  const { alg, publicJwk: jwk } = KEYS.alice;
  const text: Filler = (chars) => withMembers({ typ: 'dpop+jwt', alg, jwk }, filler(chars));
  const encoded = filledTo(HEADER_CHARS, (chars) => Buffer.from(text(chars)).toString('base64url'));
  return () => Buffer.from(encoded(), 'base64url').toString();
}

/** A proof as long as proofs may be, or as told, good but for what fills it. */
export function proofFilledWith(
  filler: Filler,
  headerFiller?: Filler,
  limit: number = PROOF_CHARS,
): () => string {
  const headerText = headerFiller && headerFilledWith(headerFiller);
  return filledTo(limit, (chars) =>
    mintProof({
      payloadText: withMembers(goodClaims(token), filler(chars)),
      ...(headerText && { headerText: headerText() }),
    }),
  );
}

type Ends = Pick<Attack, 'needs' | 'outcome' | 'boundBy'>;

function ofProof(name: string, proof: () => string, ends: Ends): Attack {
  return { name, ...ends, write: () => written({ token, proof: proof() }) };
}

const bySize: Ends = {
  needs: 'own token',
  outcome: 'granted',
  boundBy: '8192 characters of a proof',
};
const byMembers: Ends = { ...bySize, boundBy: '64 members of an object tree' };
const byValues: Ends = { ...bySize, boundBy: '256 values' };
const malformed: Ends = { ...bySize, needs: 'nothing', outcome: 'proof_malformed' };

const headerOfText = headerFilledWith(longText);
const proofOfText = proofFilledWith(longText);

/** What can be made of the form of a proof. */
export const PROOF_FORM_ATTACKS: readonly Attack[] = [
  ofProof('proof of 8192: one text', proofOfText, bySize),
  ofProof('proof of 8192: one text of escapes', proofFilledWith(escapes), bySize),
  ofProof('proof of 8192: one number', proofFilledWith(longNumber), bySize),
  ofProof('proof of 8192: empty arrays', proofFilledWith(emptyArrays(MORE_VALUES)), byValues),
  ofProof('proof of 8192: empty objects', proofFilledWith(emptyObjects(MORE_VALUES)), byValues),
  ofProof(
    'proof of 8192: arrays 8 deep',
    proofFilledWith(deepArrays(DEPTH - 2, MORE_VALUES)),
    byValues,
  ),
  ofProof(
    'proof of 8192: 64 members, new names',
    proofFilledWith(newMembers(MEMBERS - CLAIMS), newMembers(MEMBERS - HEADER_MEMBERS)),
    byMembers,
  ),
  ofProof(
    'proof of 8192: 64 members, names of escapes',
    proofFilledWith(escapedMembers(MEMBERS - CLAIMS), escapedMembers(MEMBERS - HEADER_MEMBERS)),
    byMembers,
  ),
  ofProof(
    'proof with a header of 4096 never seen',
    () => mintProof({ token, headerText: headerOfText() }),
    { ...bySize, boundBy: '4096 characters of a header' },
  ),
  ofProof(
    'proof of 8192: empty objects everywhere',
    proofFilledWith(emptyObjects(MORE_VALUES), emptyObjects(MORE_VALUES)),
    byValues,
  ),
  ofProof('proof of 8192: deeper than 8', proofFilledWith(bottomless), malformed),
  ofProof('proof of 8192: more than 256 values', proofFilledWith(objectsWithoutEnd), malformed),
  ofProof('proof of 8192: more than 64 members', proofFilledWith(manyMembers), malformed),
  ofProof(
    'proof of 8192: more than 64 members in objects of their own',
    proofFilledWith(manyObjects),
    malformed,
  ),
  ofProof(
    'proof of 8192: a member twice, at its end',
    proofFilledWith(duplicateAtEnd(MEMBERS - CLAIMS - 2)),
    malformed,
  ),
  ofProof('proof of 8193', () => `${proofOfText().padEnd(PROOF_CHARS, 'A')}A`, {
    ...malformed,
    outcome: 'proof_too_large',
  }),
];
