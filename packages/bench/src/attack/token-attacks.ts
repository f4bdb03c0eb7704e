import { KEYS, mintToken, type TestKey, type TokenOverrides } from '@keybound/test-kit';
import { tamper } from '../requests.ts';
import type { Attack } from './attack.ts';
import { goodTokenClaims, presented, withMembers } from './craft.ts';
import {
  bottomless,
  emptyObjects,
  escapedMembers,
  type Filler,
  filledTo,
  longText,
  newMembers,
  objectsWithoutEnd,
} from './fillers.ts';

// The limits of packages/core/src/token/jwt-verifier.ts.
const TOKEN_CHARS = 8192;
const HEADER_CHARS = 4096;
const MEMBERS = 256;
const VALUES = 1024;
/** More members and more values than any good token has by itself, and its list around others. */
const CLAIMS = 16;

/** As many keys of an issuer as are looked at, of the largest kind in use. */
export const MANY_KEYS: readonly TestKey[] = Array.from({ length: 64 }, (_, i) => ({
  ...KEYS.issuerRsa,
  kid: `key ${i}`,
}));

/** A token nobody signed; a new one with every call. */
function garbage(overrides: TokenOverrides): string {
  return tamper(mintToken({ boundTo: KEYS.alice, ...overrides }));
}

/** A token nobody signed that is as long as tokens may be, or as told. */
export function garbageTokenFilledWith(filler: Filler, limit: number = TOKEN_CHARS): () => string {
  return filledTo(limit, (chars) =>
    garbage({ payloadText: withMembers(goodTokenClaims(), filler(chars)) }),
  );
}

const headerText = filledTo(HEADER_CHARS, (chars) =>
  Buffer.from(
    withMembers({ typ: 'at+jwt', alg: KEYS.issuer.alg, kid: KEYS.issuer.kid }, longText(chars)),
  ).toString('base64url'),
);

const ofText = garbageTokenFilledWith(longText);
const ofMembers = garbageTokenFilledWith(newMembers(MEMBERS - CLAIMS));
const ofEscapes = garbageTokenFilledWith(escapedMembers(MEMBERS - CLAIMS));
const ofObjects = garbageTokenFilledWith(emptyObjects(VALUES - CLAIMS));
const endless = garbageTokenFilledWith(objectsWithoutEnd);
const bottom = garbageTokenFilledWith(bottomless);

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
const byMembers = '256 members of an object tree';

/** What can be made of a token without the issuer. */
export const TOKEN_ATTACKS: readonly Attack[] = [
  ofToken('token: garbage signature', 'token_signature_invalid', oneSignature, () => garbage({})),
  ofToken('token: unknown kid', 'token_key_unknown', 'no fetch within the cooldown', () =>
    garbage({ header: { kid: 'unknown' } }),
  ),
  ofToken('token of 8192: one text', 'token_signature_invalid', bySize, ofText),
  ofToken('token of 8192: 256 members', 'token_signature_invalid', byMembers, ofMembers),
  ofToken('token of 8192: 256 escaped names', 'token_signature_invalid', byMembers, ofEscapes),
  ofToken('token of 8192: empty objects', 'token_signature_invalid', '1024 values', ofObjects),
  ofToken('token of 8192: more than 1024 values', 'token_malformed', bySize, endless),
  ofToken('token of 8192: deeper than 16', 'token_malformed', bySize, bottom),
  ofToken(
    'token with a header of 4096 never seen',
    'token_signature_invalid',
    '4096 characters of a header',
    () => garbage({ headerText: Buffer.from(headerText(), 'base64url').toString() }),
  ),
  {
    name: 'token without kid, 64 keys of the issuer',
    needs: 'nothing',
    outcome: 'token_key_unknown',
    boundBy: '64 keys of a key set',
    place: 'many keys',
    write: () => {
      const { issuerRsa: key } = KEYS;
      return presented({}, { token: mintToken({ key, header: { kid: undefined } }) });
    },
  },
  ofToken('token of 8193', 'token_too_large', bySize, () => ofText().padEnd(TOKEN_CHARS + 1, 'A')),
];
