import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat, derived, utf8 } from '../encode/bytes.ts';
import { jsonText, objectText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof } from '../messages.ts';
import { acceptedProof, doubtfulProof, refusedProof } from '../proof-cases.ts';
import { CLAIMS, claimsWith, HEADER_MEMBERS } from '../proof-text.ts';

const { ec1 } = KEYS;
const GOOD = proof();
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = GOOD.split('.');

const parts = group('RsVerify', 'parts', 'A proof has three parts.', rsConfig(), [
  acceptedProof(['three', 'Three parts.', 'DPOP-4.3-02', {}]),
  ...(
    [
      ['one', 'The payload alone.', PAYLOAD],
      ['two', 'Without a signature and its dot.', `${HEADER}.${PAYLOAD}`],
      ['four', 'A fourth part.', `${GOOD}.${SIGNATURE}`],
      ['empty-fourth', 'A dot behind the signature.', `${GOOD}.`],
      [
        'five',
        'Five parts, as a JWE has.',
        `${HEADER}.${SIGNATURE}.${SIGNATURE}.${PAYLOAD}.${SIGNATURE}`,
      ],
      ['leading-dot', 'A dot before the header.', `.${GOOD}`],
      ['no-header', 'An empty header.', `.${PAYLOAD}.${SIGNATURE}`],
      ['no-payload', 'An empty payload, as if it were detached.', `${HEADER}..${SIGNATURE}`],
      ['no-signature', 'An empty signature.', `${HEADER}.${PAYLOAD}.`],
      [
        'flattened',
        'The flattened JSON form of a JWS.',
        jsonText({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
      ],
      [
        'general',
        'The general JSON form of a JWS.',
        jsonText({ payload: PAYLOAD, signatures: [{ protected: HEADER, signature: SIGNATURE }] }),
      ],
      ['tilde', 'A tilde behind the proof, as SD-JWTs have.', `${GOOD}~`],
      ['slashes', 'Slashes in the place of the dots.', GOOD.replaceAll('.', '/')],
    ] as const
  ).map(([id, comment, text]) => refusedProof([id, comment, 'DPOP-4.3-02 DPOP-4.1-02', text])),
  refusedProof([
    'jwe',
    'A JWE whose header is that of a proof but for its algorithm.',
    'DPOP-4.3-02 DPOP-4.3-05',
    [
      base64url(jsonText({ typ: 'dpop+jwt', alg: 'dir', enc: 'A256GCM', jwk: ec1.jwk })),
      '',
      base64url(derived('jwe-iv', 12)),
      base64url(derived('jwe-text', 64)),
      base64url(derived('jwe-tag', 16)),
    ].join('.'),
  ]),
  refusedProof([
    'compressed',
    'The payload is compressed, and zip says so, which is for JWE alone.',
    'DPOP-4.3-02 JOSE-7515-5.2-01',
    { header: { zip: 'DEF' }, payloadPart: stored(CLAIMS) },
  ]),
  refusedProof([
    'encoded-twice',
    'The payload is encoded twice.',
    'DPOP-4.3-02 JOSE-7515-5.2-01',
    { payloadPart: base64url(CLAIMS) },
  ]),
  refusedProof([
    'header-encoded-twice',
    'The header is encoded twice.',
    'DPOP-4.3-02 JOSE-7515-5.2-01',
    { headerPart: base64url(objectText(HEADER_MEMBERS)) },
  ]),
  refusedProof([
    'signed-decoded',
    'The signature covers the parts before they are encoded.',
    'DPOP-4.3-06',
    { sign: overDecoded },
  ]),
  refusedProof([
    'signed-payload',
    'The signature covers the payload alone.',
    'DPOP-4.3-06',
    { sign: (input) => ec1.sign(input.split('.')[1] ?? '', 'ES256') },
  ]),
  refusedProof([
    'detached',
    'The signature covers an empty payload.',
    'DPOP-4.3-02',
    { payloadPart: '' },
  ]),
  refusedProof([
    'nested',
    'The payload is another proof, and cty says so.',
    'DPOP-4.3-02',
    { header: { cty: 'JWT' }, payloadPart: GOOD },
  ]),
]);

const TAIL =
  'RFC 4648 §3.5 lets decoders refuse unused bits that are not zero; with them one proof has many texts.';

/** A value whose base64 has characters of the differing part of the alphabets, wherever it begins. */
const TELLING = '\u00ff\u00fe\u00ff>>>???~~~';

/** How a part may be spelled. */
const spellings = group('RsVerify', 'spelling', 'How the parts are encoded.', rsConfig(), [
  acceptedProof(['plain', 'Base64url without padding.', 'JOSE-7515-2-01', {}]),
  ...(
    [
      [
        'header-padded',
        'The header with padding, signed so.',
        { header: paddedHeader(), encodeHeader: padded },
      ],
      [
        'payload-padded',
        'The payload with padding, signed so.',
        { payloadPart: ofLength(1), encodePayload: padded },
      ],
      ['signature-padded', 'The signature with padding.', { encodeSignature: padded }],
      [
        'header-standard',
        'The header in the alphabet of plain base64, signed so.',
        { header: { x: TELLING }, encodeHeader: standard },
      ],
      [
        'payload-standard',
        'The payload in the alphabet of plain base64, signed so.',
        { claims: { x: TELLING }, encodePayload: standard },
      ],
      [
        'signature-standard',
        'The signature in the alphabet of plain base64.',
        { claims: { n: signatureThatTells() }, encodeSignature: standard },
      ],
      [
        'all-standard',
        'All parts in the alphabet of plain base64 with padding, signed so.',
        {
          header: { x: TELLING },
          claims: { x: TELLING },
          encodeHeader: plainBase64,
          encodePayload: plainBase64,
          encodeSignature: plainBase64,
        },
      ],
      [
        'payload-newline',
        'A line feed within the payload, signed so.',
        { encodePayload: broken('\n') },
      ],
      ['header-blank', 'A blank within the header, signed so.', { encodeHeader: broken(' ') }],
      [
        'payload-return',
        'A carriage return and a line feed within the payload, signed so.',
        { encodePayload: broken('\r\n') },
      ],
      ['payload-tab', 'A tab within the payload, signed so.', { encodePayload: broken('\t') }],
      [
        'payload-inner-padding',
        'An equals sign within the payload, signed so.',
        { encodePayload: broken('=') },
      ],
      [
        'payload-foreign-character',
        'An exclamation mark within the payload, signed so.',
        { encodePayload: broken('!') },
      ],
      [
        'payload-beyond-ascii',
        'A character beyond ASCII within the payload, signed so.',
        { encodePayload: broken('\u00e9') },
      ],
      ['signature-blank', 'A blank within the signature.', { encodeSignature: broken(' ') }],
      [
        'signature-inner-padding',
        'An equals sign within the signature.',
        { encodeSignature: broken('=') },
      ],
      [
        'signature-foreign-character',
        'An exclamation mark within the signature.',
        { encodeSignature: broken('!') },
      ],
      [
        'payload-one-character',
        'The payload with a character too many.',
        {
          encodePayload: (bytes: Uint8Array | string) =>
            `${base64url(bytes)}${'A'.repeat((5 - (base64url(bytes).length % 4)) % 4)}`,
        },
      ],
    ] as const
  ).map(
    ([id, comment, given]): ReturnType<typeof refusedProof> =>
      refusedProof([id, comment, 'JOSE-7515-2-01 DPOP-4.1-02', given]),
  ),
  ...(
    [
      [
        'header-tail-bits',
        'Unused bits of the header are set, signed so.',
        {
          header: paddedHeader(),
          encodeHeader: (bytes: Uint8Array | string) => base64url(bytes, { tailBits: 1 }),
        },
      ],
      [
        'payload-tail-bits',
        'Unused bits of the payload are set, signed so.',
        {
          payloadPart: ofLength(1),
          encodePayload: (bytes: Uint8Array | string) => base64url(bytes, { tailBits: 1 }),
        },
      ],
      [
        'payload-two-tail-bits',
        'The last of two unused bits of the payload is set, signed so.',
        {
          payloadPart: ofLength(2),
          encodePayload: (bytes: Uint8Array | string) => base64url(bytes, { tailBits: 1 }),
        },
      ],
      [
        'signature-highest-tail-bit',
        'The highest of the unused bits of the signature is set.',
        { encodeSignature: (bytes: Uint8Array) => base64url(bytes, { tailBits: 8 }) },
      ],
      [
        'signature-tail-bits',
        'Unused bits of the signature are set.',
        { encodeSignature: (bytes: Uint8Array) => base64url(bytes, { tailBits: 1 }) },
      ],
    ] as const
  ).map(([id, comment, given]) =>
    doubtfulProof([TAIL, id, comment, 'JOSE-7515-2-P1', given, { flags: ['OtherSpelling'] }]),
  ),
]);

/** A further header member that gives the header a length with unused bits, so that padding says something. */
function paddedHeader(): Readonly<Record<string, unknown>> {
  for (const x of ['', 'x', 'xx']) {
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: ec1.jwk, x };
    if (utf8(jsonText(header)).length % 3 === 1) return { x };
  }
  throw new Error('one of three lengths has unused bits');
}

/** The claims in a text whose length leaves this remainder by three. */
function ofLength(remainder: number): string {
  for (const x of ['', 'x', 'xx']) {
    const text = claimsWith(['x', x]);
    if (utf8(text).length % 3 === remainder) return text;
  }
  throw new Error('one of three lengths has the remainder');
}

function standard(bytes: Uint8Array | string): string {
  const text = base64url(bytes, { standard: true });
  if (!/[+/]/.test(text)) throw new Error('the text is the same in both alphabets');
  return text;
}

function plainBase64(bytes: Uint8Array | string): string {
  return base64url(bytes, { standard: true, padded: true });
}

/** A text in DEFLATE (RFC 1951 §3.2.4) in one block that is not compressed. */
function stored(text: string): Uint8Array {
  const bytes = utf8(text);
  const [low, high] = [bytes.length & 255, bytes.length >> 8];
  return concat(Uint8Array.of(1, low, high, low ^ 255, high ^ 255), bytes);
}

function overDecoded(input: string): Uint8Array {
  const texts = input.split('.').map((part) => Buffer.from(fromBase64url(part)).toString());
  return ec1.sign(texts.join('.'), 'ES256');
}

function padded(bytes: Uint8Array | string): string {
  return base64url(bytes, { padded: true });
}

function broken(separator: string): (bytes: Uint8Array | string) => string {
  return (bytes) => {
    const text = base64url(bytes);
    return `${text.slice(0, 20)}${separator}${text.slice(20)}`;
  };
}

/** A claim that gives a signature with a character that differs between the alphabets. */
function signatureThatTells(): number {
  for (let n = 0; n < 64; n++) {
    if (/[-_]/.test(proof({ token: accessToken(), claims: { n } }).split('.')[2] ?? '')) return n;
  }
  throw new Error('no signature with - or _');
}

const rsJws: FileDraft = {
  file: 'rs-jws',
  title: 'The form of a proof: a compact JWS',
  groups: [parts, spellings],
};

export default rsJws;
