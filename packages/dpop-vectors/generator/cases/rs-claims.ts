import {
  acceptedClaims,
  type ClaimRow,
  doubtfulClaims,
  refusedClaims,
  tolerableClaims,
} from '../claim-cases.ts';
import { CLOCK, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { hash } from '../encode/bytes.ts';
import { rawJson } from '../encode/json.ts';
import { accessToken, ath } from '../messages.ts';

const TOKEN = accessToken();
const ATH = ath(TOKEN);

/** What stands in the place of a text, and must not. */
const NO_TEXTS = [
  ['null', 'null', null],
  ['number', 'a number', 4711],
  ['true', 'true', true],
  ['object', 'an object', { value: 'x' }],
] as const;

/** The rows of a claim that must be a text: left out, or something else. */
function textClaim(name: string, good: string, requirements: string): readonly ClaimRow[] {
  return [
    [`${name}-missing`, `No ${name}.`, requirements, { [name]: undefined }],
    [`${name}-list`, `${name} is a list of the right text.`, requirements, { [name]: [good] }],
    ...NO_TEXTS.map(
      ([id, what, value]): ClaimRow => [
        `${name}-${id}`,
        `${name} is ${what}.`,
        requirements,
        { [name]: value },
      ],
    ),
  ];
}

const jti = group('RsVerify', 'jti', 'What identifies a proof.', rsConfig(), [
  acceptedClaims(['jti-ordinary', 'A jti of the usual kind.', 'DPOP-4.2-03', {}]),
  acceptedClaims([
    'jti-uuid',
    'A UUID.',
    'DPOP-4.2-03',
    { jti: '2f1c9c3a-7c65-4a4e-9f0f-6d1a3f1f9b11' },
  ]),
  acceptedClaims(['jti-256', 'A jti of 256 characters.', 'DPOP-11.1-03', { jti: 'j'.repeat(256) }]),
  ...textClaim('jti', 'a-jti', 'DPOP-4.3-03 SEP1932-RS-01').map(refusedClaims),
  tolerableClaims([
    'Uniqueness is what a client promises; how long its identifiers are is for it to know.',
    'jti-one-character',
    'A jti of one character.',
    'DPOP-4.2-03',
    { jti: 'a' },
  ]),
  tolerableClaims([
    'RFC 9449 gives jti no alphabet; a store must not cut it off.',
    'jti-nul',
    'A jti with U+0000.',
    'DPOP-11.1-03',
    { jti: 'a\u0000b' },
  ]),
  tolerableClaims([
    'RFC 9449 gives jti no alphabet.',
    'jti-emoji',
    'A jti beyond the basic plane.',
    'DPOP-11.1-03',
    { jti: 'proof-\u{1f511}' },
  ]),
  doubtfulClaims([
    'No RFC gives jti a least length; an empty one identifies nothing.',
    'jti-empty',
    'An empty jti.',
    'DPOP-4.3-03',
    { jti: '' },
  ]),
  doubtfulClaims([
    'RFC 9449 §11.1 has servers refuse jti that are too long, or hash them.',
    'jti-257',
    'A jti of 257 characters.',
    'DPOP-11.1-03',
    { jti: 'j'.repeat(257) },
    { flags: ['Oversize'] },
  ]),
  doubtfulClaims([
    'A lone surrogate has no UTF-8; stores make one replacement of all of them.',
    'jti-lone-surrogate',
    'A jti with half a surrogate pair.',
    'JOSE-7515-5.2-01',
    { jti: 'a\ud800b' },
  ]),
]);

const htm = group('RsVerify', 'htm', 'The method of the request.', rsConfig(), [
  acceptedClaims(['htm-get', 'GET.', 'DPOP-4.3-08', {}]),
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'].map((method) =>
    acceptedClaims([`htm-${method.toLowerCase()}`, `${method}.`, 'DPOP-4.3-08', {}, { method }]),
  ),
  acceptedClaims([
    'htm-extension',
    'A method that is not among the usual ones.',
    'DPOP-4.3-08',
    {},
    { method: 'QUERY' },
  ]),
  ...textClaim('htm', 'GET', 'DPOP-4.3-03 DPOP-4.3-08 SEP1932-RS-01').map(refusedClaims),
  ...(
    [
      ['other', 'POST on a GET', 'POST'],
      ['lower-case', 'get on a GET', 'get'],
      ['mixed-case', 'Get on a GET', 'Get'],
      ['leading-blank', 'GET with a blank before it', ' GET'],
      ['trailing-blank', 'GET with a blank behind it', 'GET '],
      ['longer', 'GETX on a GET', 'GETX'],
      ['shorter', 'GE on a GET', 'GE'],
      ['empty', 'empty', ''],
      ['several', 'GET and POST in one text', 'GET,POST'],
      ['star', 'a star', '*'],
    ] as const
  ).map(([id, what, value]) =>
    refusedClaims([`htm-${id}`, `htm is ${what}.`, 'DPOP-4.3-08 SEP1932-RS-01', { htm: value }]),
  ),
  refusedClaims([
    'htm-get-on-head',
    'A proof for GET on a HEAD request.',
    'DPOP-4.3-08',
    { htm: 'GET' },
    { method: 'HEAD' },
  ]),
  refusedClaims([
    'htm-override',
    'X-HTTP-Method-Override names the method of the proof.',
    'DPOP-4.3-08',
    { htm: 'DELETE' },
    { method: 'POST', further: [['X-HTTP-Method-Override', 'DELETE']] },
  ]),
]);

const athGroup = group('RsVerify', 'ath', 'The hash of the access token.', rsConfig(), [
  acceptedClaims(['ath-right', 'The right hash.', 'DPOP-4.3-12', {}]),
  ...textClaim('ath', ATH, 'DPOP-4.3-12 DPOP-4.3-03 SEP1932-RS-01').map(refusedClaims),
  ...(
    [
      ['other-token', 'of another token', ath('another-token'), ''],
      ['empty', 'empty', '', ''],
      ['padded', 'with padding', `${ATH}=`, 'JOSE-7515-2-01'],
      [
        'standard-alphabet',
        'in the alphabet of plain base64',
        base64url(hash('sha256', tokenWithTellingHash()), { standard: true }),
        'JOSE-7515-2-01',
      ],
      ['hex', 'in hexadecimal', Buffer.from(hash('sha256', TOKEN)).toString('hex'), ''],
      ['sha1', 'by SHA-1', base64url(hash('sha1', TOKEN)), 'DPOP-11.10-01'],
      ['sha512', 'by SHA-512', base64url(hash('sha512', TOKEN)), 'DPOP-11.10-01'],
      [
        'sha512-cut',
        'the first 32 octets of SHA-512',
        base64url(hash('sha512', TOKEN).slice(0, 32)),
        'DPOP-11.10-01',
      ],
      ['half', 'the left half of SHA-256', base64url(hash('sha256', TOKEN).slice(0, 16)), ''],
      ['lower-case', 'in small letters', ATH.toLowerCase(), ''],
      ['with-scheme', 'of scheme and token', ath(`DPoP ${TOKEN}`), ''],
      ['trailing-blank', 'with a blank behind it', `${ATH} `, ''],
      ['longer', 'with a character more', `${ATH}A`, ''],
      ['token', 'the token itself', TOKEN.slice(0, 43), ''],
    ] as const
  ).map(([id, what, value, more]) =>
    refusedClaims([`ath-${id}`, `ath is ${what}.`, `DPOP-4.3-12 ${more}`.trim(), { ath: value }]),
  ),
  refusedClaims([
    'ath-tail-bits',
    'ath has other unused bits in its last character.',
    'DPOP-4.3-12 JOSE-7515-2-P1',
    { ath: base64url(hash('sha256', TOKEN), { tailBits: 1 }) },
    { flags: ['OtherSpelling'] },
  ]),
]);

/** The good token; its hash has a character that differs between the alphabets or the case would say nothing. */
function tokenWithTellingHash(): string {
  if (!/[-_]/.test(ATH)) throw new Error('the hash is the same in both alphabets');
  return TOKEN;
}

const further = group(
  'RsVerify',
  'further-claims',
  'Claims that a proof need not have.',
  rsConfig(),
  [
    acceptedClaims(['none', 'No further claim.', 'DPOP-4.2-09', {}]),
    acceptedClaims([
      'unknown',
      'Claims nobody knows, objects and lists among them.',
      'DPOP-4.2-09',
      { foo: 1, bar: { baz: [true, null] } },
    ]),
    acceptedClaims([
      'iss-and-sub',
      'iss and sub, which give no authority.',
      'DPOP-4.2-09',
      { iss: 'https://evil.example', sub: 'admin' },
    ]),
    acceptedClaims(['exp-ahead', 'exp that is ahead.', 'JOSE-7519-4.1-01', { exp: CLOCK + 60 }]),
    acceptedClaims(['nbf-past', 'nbf that is past.', 'JOSE-7519-4.1-01', { nbf: CLOCK - 1 }]),
    acceptedClaims([
      'proto',
      'A member called __proto__ with ath in it.',
      'DPOP-4.2-09 JWTBCP-3.10-01',
      { extra: rawJson('{"__proto__":{"ath":"x"}}') },
    ]),
    tolerableClaims([
      'RFC 9449 defines no aud for proofs; the target is in htu.',
      'aud-other',
      'aud of another server.',
      'JOSE-7519-4.1-01',
      { aud: 'https://evil.example' },
    ]),
    tolerableClaims([
      'A client may carry a nonce over to a server that asks for none.',
      'nonce-unasked',
      'A nonce nobody asked for.',
      'DPOP-4.2-09',
      { nonce: 'n0' },
    ]),
    refusedClaims(['exp-past', 'exp that is past.', 'JOSE-7519-4.1-01', { exp: CLOCK - 301 }]),
    refusedClaims([
      'exp-text',
      'exp is a text.',
      'JOSE-7519-4.1-01 JOSE-7519-2-01',
      { exp: `${CLOCK + 60}` },
    ]),
    refusedClaims(['nbf-ahead', 'nbf far ahead.', 'JOSE-7519-4.1-01', { nbf: CLOCK + 1000 }]),
    refusedClaims([
      'nbf-text',
      'nbf is a text.',
      'JOSE-7519-4.1-01 JOSE-7519-2-01',
      { nbf: 'soon' },
    ]),
  ],
);

const rsClaims: FileDraft = {
  file: 'rs-claims',
  title: 'What a proof says of itself, the method and the token',
  groups: [jti, htm, athGroup, further],
};

export default rsClaims;
