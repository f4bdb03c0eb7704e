import { CLOCK, ORIGIN } from './deployment.ts';
import { type Member, objectText } from './encode/json.ts';
import { KEYS } from './keys/keys.ts';
import { accessToken, ath } from './messages.ts';

/** Good claims, as members. */
const MEMBERS: readonly Member[] = [
  ['jti', 'jti-of-the-form'],
  ['htm', 'GET'],
  ['htu', `${ORIGIN}/r`],
  ['iat', CLOCK],
  ['ath', ath(accessToken())],
];
/** Their text. */
export const CLAIMS = objectText(MEMBERS);
/** The good header, as members. */
export const HEADER_MEMBERS: readonly Member[] = [
  ['typ', 'dpop+jwt'],
  ['alg', 'ES256'],
  ['jwk', KEYS.ec1.jwk],
];

/** The claims with some of them in the place of, or beside, the good ones. */
export function claimsWith(...members: readonly Member[]): string {
  return objectText([...MEMBERS, ...members]);
}

/** The claims with a member before all others. */
export function claimsAfter(...members: readonly Member[]): string {
  return objectText([...members, ...MEMBERS]);
}
