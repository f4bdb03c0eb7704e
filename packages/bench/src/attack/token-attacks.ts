import { KEYS, mintToken, type TokenOverrides } from '@keybound/test-kit';
import type { Attack } from './attack.ts';
import { goodTokenClaims, presented, withGarbageSignature, withMembers } from './craft.ts';
import {
  bottomless,
  emptyObjects,
  type Filler,
  filledTo,
  longText,
  newMembers,
} from './fillers.ts';

// The limits of packages/core/src/token/jwt-verifier.ts.
const TOKEN_CHARS = 8192;
const HEADER_CHARS = 4096;
const MEMBERS = 512;
/** More than any good token has by itself. */
const CLAIMS = 12;

/** A token nobody signed; a new one with every call. */
function garbage(overrides: TokenOverrides): string {
  return withGarbageSignature(mintToken({ boundTo: KEYS.alice, ...overrides }));
}

/** A token nobody signed that is as long as tokens may be. */
function garbageFilledWith(filler: Filler): () => string {
  return filledTo(TOKEN_CHARS, (chars) =>
    garbage({ payloadText: withMembers(goodTokenClaims(), filler(chars)) }),
  );
}

const headerText = filledTo(HEADER_CHARS, (chars) =>
  Buffer.from(
    withMembers({ typ: 'at+jwt', alg: KEYS.issuer.alg, kid: KEYS.issuer.kid }, longText(chars)),
  ).toString('base64url'),
);

const ofText = garbageFilledWith(longText);
const ofMembers = garbageFilledWith(newMembers(MEMBERS - CLAIMS));
const ofObjects = garbageFilledWith(emptyObjects);
const bottom = garbageFilledWith(bottomless);

function ofToken(
  name: string,
  outcome: Attack['outcome'],
  boundBy: string,
  token: () => string,
): Attack {
  return {
    name,
    needs: 'nothing',
    outcome,
    boundBy,
    write: () => presented({}, { token: token() }),
  };
}

const oneSignature = 'one signature by a key of the issuer';
const bySize = '8192 characters of a token';

/** What can be made of a token without the issuer. */
export const TOKEN_ATTACKS: readonly Attack[] = [
  ofToken('token: garbage signature', 'token_signature_invalid', oneSignature, () => garbage({})),
  ofToken('token: unknown kid', 'token_key_unknown', 'no fetch within the cooldown', () =>
    garbage({ header: { kid: 'unknown' } }),
  ),
  ofToken('token of 8192: one text', 'token_signature_invalid', bySize, ofText),
  ofToken('token of 8192: 512 members', 'token_signature_invalid', '512 members', ofMembers),
  ofToken('token of 8192: empty objects', 'token_signature_invalid', bySize, ofObjects),
  ofToken('token of 8192: deeper than 16', 'token_malformed', bySize, bottom),
  ofToken(
    'token with a header of 4096 never seen',
    'token_signature_invalid',
    '4096 characters of a header',
    () => garbage({ headerText: Buffer.from(headerText(), 'base64url').toString() }),
  ),
  ofToken('token of 8193', 'token_too_large', bySize, () => ofText().padEnd(TOKEN_CHARS + 1, 'A')),
];
