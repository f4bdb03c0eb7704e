import type { Attack } from './attack.ts';
import { CLAIM_ATTACKS } from './claim-attacks.ts';
import { presented } from './craft.ts';
import { KEY_ATTACKS } from './key-attacks.ts';
import { LARGEST_ATTACK } from './largest-attack.ts';
import { NONCE_ATTACKS } from './nonce-attacks.ts';
import { PROOF_FORM_ATTACKS } from './proof-form-attacks.ts';
import { REQUEST_ATTACKS } from './request-attacks.ts';
import { TOKEN_ATTACKS } from './token-attacks.ts';

/** What all others are divided by: a client that sends its token again with a new proof. */
const HONEST: Attack = {
  name: 'honest: token and key seen before, new proof',
  needs: 'own token',
  outcome: 'granted',
  boundBy: '',
  write: () => presented(),
};

/** Everything that is measured; the honest request comes first. */
export const ATTACKS: readonly Attack[] = [
  HONEST,
  ...KEY_ATTACKS,
  ...TOKEN_ATTACKS,
  ...PROOF_FORM_ATTACKS,
  LARGEST_ATTACK,
  ...CLAIM_ATTACKS,
  ...NONCE_ATTACKS,
  ...REQUEST_ATTACKS,
];
