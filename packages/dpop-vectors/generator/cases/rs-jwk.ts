import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { jsonText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';

const { ec1, ec2, rsa2048, ed1 } = KEYS;

/** The header with another jwk. */
function jwk(value: unknown): { readonly header: { readonly jwk: unknown } } {
  return { header: { jwk: value } };
}

const forms = group('RsVerify', 'form', 'jwk is one public key.', rsConfig(), [
  acceptedProof(['required-members', 'The required members.', 'DPOP-4.3-03', {}]),
  acceptedProof(['okp', 'The required members of an OKP key.', 'DPOP-4.3-03', { key: ed1 }]),
  acceptedProof([
    'optional-members',
    'kid, use, key_ops and alg beside them.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, kid: 'mine', use: 'sig', key_ops: ['verify'], alg: 'ES256' }),
  ]),
  acceptedProof([
    'ext-false',
    'ext, as browsers write it.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, ext: false }),
  ]),
  acceptedProof([
    'unknown-members',
    'Members nobody knows.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, foo: 1, 'x.example': { a: [] } }),
  ]),
  acceptedProof([
    'other-order',
    'The members in another order.',
    'THUMB-3-01',
    jwk({ y: ec1.jwk.y, x: ec1.jwk.x, kty: 'EC', crv: 'P-256' }),
  ]),
  ...(
    [
      ['missing', 'No jwk.', undefined],
      ['null', 'jwk is null.', null],
      ['text', 'jwk is the text of the key.', JSON.stringify(ec1.jwk)],
      ['list', 'jwk is a list of the key.', [ec1.jwk]],
      ['number', 'jwk is a number.', 1],
      ['empty', 'jwk is an empty object.', {}],
      ['set', 'jwk is a set with the key.', { keys: [ec1.jwk] }],
      ['jkt', 'jwk is the thumbprint of the key.', { jkt: ec1.jkt }],
      ['kty-missing', 'No kty.', { ...ec1.jwk, kty: undefined }],
      ['kty-case', 'kty is ec.', { ...ec1.jwk, kty: 'ec' }],
      ['kty-unknown', 'kty is of a kind nobody has registered.', { ...ec1.jwk, kty: 'XY' }],
      ['kty-other', 'kty is RSA, with the members of an EC key.', { ...ec1.jwk, kty: 'RSA' }],
      ['kty-null', 'kty is null.', { ...ec1.jwk, kty: null }],
      ['kty-list', 'kty is a list.', { ...ec1.jwk, kty: ['EC'] }],
      ['kty-blank', 'kty has a blank behind it.', { ...ec1.jwk, kty: 'EC ' }],
      ['kty-object-name', 'kty is a name that every object has.', { kty: 'constructor' }],
      ['kty-okp', 'kty is OKP, with the members of an EC key.', { ...ec1.jwk, kty: 'OKP' }],
      ['crv-missing', 'No crv.', { ...ec1.jwk, crv: undefined }],
      ['crv-case', 'crv is p-256.', { ...ec1.jwk, crv: 'p-256' }],
      ['crv-other-name', 'crv is the other name of the curve.', { ...ec1.jwk, crv: 'secp256r1' }],
      ['crv-other', 'crv is another curve.', { ...ec1.jwk, crv: 'P-384' }],
      ['crv-list', 'crv is a list.', { ...ec1.jwk, crv: ['P-256'] }],
      ['crv-null', 'crv is null.', { ...ec1.jwk, crv: null }],
      ['crv-empty', 'crv is empty.', { ...ec1.jwk, crv: '' }],
      ['crv-ed25519', 'crv is a curve of another kind of key.', { ...ec1.jwk, crv: 'Ed25519' }],
      ['x-missing', 'No x.', { ...ec1.jwk, x: undefined }],
      ['y-missing', 'No y.', { ...ec1.jwk, y: undefined }],
      ['x-number', 'x is a number.', { ...ec1.jwk, x: 123 }],
      ['x-null', 'x is null.', { ...ec1.jwk, x: null }],
      ['x-empty', 'x is empty.', { ...ec1.jwk, x: '' }],
      ['x-list', 'x is a list of the right one.', { ...ec1.jwk, x: [ec1.jwk.x] }],
      ['y-number', 'y is a number.', { ...ec1.jwk, y: 123 }],
      ['y-empty', 'y is empty.', { ...ec1.jwk, y: '' }],
      ['y-true', 'y is true, for the sign of a point.', { ...ec1.jwk, y: true }],
      ['nested', 'jwk is an object with the key in it.', { jwk: ec1.jwk }],
      ['several', 'jwk is a list of two keys.', [ec1.jwk, ec2.jwk]],
      ['true', 'jwk is true.', true],
      ['url', 'jwk is a URL.', 'https://evil.example/key'],
      ['oct', 'A symmetric key.', { kty: 'oct', k: 'c2VjcmV0LW9mLXRoZS12ZWN0b3Jz' }],
    ] as const
  ).map(
    ([id, comment, value]): ReturnType<typeof refusedProof> =>
      refusedProof([`jwk-${id}`, comment, 'DPOP-4.3-03 SEP1932-RS-01', jwk(value)]),
  ),
  ...(
    [
      ['okp-x-missing', 'An OKP key without x.', { crv: 'Ed25519', kty: 'OKP' }],
      ['okp-crv-missing', 'An OKP key without crv.', { ...ed1.jwk, crv: undefined }],
      ['okp-crv-case', 'crv is ed25519.', { ...ed1.jwk, crv: 'ed25519' }],
      ['okp-as-ec', 'kty is EC, with the members of an OKP key.', { ...ed1.jwk, kty: 'EC' }],
      ['okp-p256', 'crv of an OKP key is P-256.', { ...ed1.jwk, crv: 'P-256' }],
    ] as const
  ).map(
    ([id, comment, value]): ReturnType<typeof refusedProof> =>
      refusedProof([
        `jwk-${id}`,
        comment,
        'DPOP-4.3-03 SEP1932-RS-01',
        { key: ed1, ...jwk(value) },
        { base: 'okp' },
      ]),
  ),
  refusedProof([
    'jwk-rsa-as-ec',
    'kty is EC, with the members of an RSA key.',
    'DPOP-4.3-03',
    { key: rsa2048, ...jwk({ ...rsa2048.jwk, kty: 'EC' }) },
  ]),
  refusedProof([
    'signer-in-key-member',
    'Signed by a key in a member jwk of the key.',
    'DPOP-4.3-06 DPOP-4.3-03',
    { header: { jwk: { ...ec1.jwk, jwk: ec2.jwk } }, sign: (input) => ec2.sign(input, 'ES256') },
  ]),
]);

/** The header in which d of the key is spelled with an escape. */
const ESCAPED_D = jsonText({ typ: 'dpop+jwt', alg: 'ES256', jwk: ec1.privateJwk }).replace(
  '"d":',
  '"\\u0064":',
);

const NO_KEY = 'Not a key, and still a private member, which must not be there at all.';

const privates = group('RsVerify', 'private-members', 'jwk has no private part.', rsConfig(), [
  acceptedProof(['public', 'The public key.', 'DPOP-4.3-07', {}]),
  acceptedProof(['public-rsa2048', 'A public RSA key.', 'DPOP-4.3-07', { key: rsa2048 }]),
  acceptedProof(['public-ed1', 'A public Ed25519 key.', 'DPOP-4.3-07', { key: ed1 }]),
  ...[ec1, rsa2048, ed1].map((key) =>
    refusedProof([
      `private-${key.name}`,
      `The whole private key ${key.name}.`,
      'DPOP-4.3-07 SEP1932-RS-01',
      { key, ...jwk(key.privateJwk) },
      { base: key === ec1 ? 'public' : `public-${key.name}` },
    ]),
  ),
  ...['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) =>
    refusedProof([
      `rsa-${name}`,
      `${name} beside a public RSA key.`,
      'DPOP-4.3-07',
      { key: rsa2048, ...jwk({ ...rsa2048.jwk, [name]: rsa2048.privateJwk[name] }) },
      { base: 'public-rsa2048' },
    ]),
  ),
  refusedProof([
    'rsa-oth',
    'oth beside a public RSA key.',
    'DPOP-4.3-07',
    { key: rsa2048, ...jwk({ ...rsa2048.jwk, oth: [{ r: 'AQAB', d: 'AQAB', t: 'AQAB' }] }) },
    { base: 'public-rsa2048' },
  ]),
  refusedProof([
    'd-other',
    'd of another key beside the public key.',
    'DPOP-4.3-07',
    jwk({ ...ec1.jwk, d: ec2.privateJwk.d }),
  ]),
  refusedProof([
    'd-first',
    'The whole private key, with d before all other members and kid behind them.',
    'DPOP-4.3-07',
    jwk({ d: ec1.privateJwk.d, ...ec1.jwk, kid: 'mine' }),
  ]),
  refusedProof([
    'd-escaped',
    'The whole private key, with an escape in the name d.',
    'DPOP-4.3-07',
    { headerPart: ESCAPED_D },
  ]),
  refusedProof([
    'rsa-crt-only',
    'All private members but d beside a public RSA key.',
    'DPOP-4.3-07',
    { key: rsa2048, ...jwk({ ...rsa2048.privateJwk, d: undefined }) },
    { base: 'public-rsa2048' },
  ]),
  tolerableProof([
    'A private key somewhere else in a header is no member of jwk; the client harms nobody but itself.',
    'd-elsewhere',
    'The private key in another member of the header.',
    'DPOP-4.2-09 DPOP-4.3-07',
    { header: { other: ec1.privateJwk } },
  ]),
  ...(
    [
      ['ec-p', 'p of an RSA key beside an EC key.', { p: rsa2048.privateJwk.p }],
      ['ec-k', 'k of a symmetric key beside an EC key.', { k: 'c2VjcmV0' }],
      ['ec-priv', 'priv of an AKP key beside an EC key.', { priv: 'c2VjcmV0' }],
      ['d-empty', 'd is empty.', { d: '' }],
      ['d-null', 'd is null.', { d: null }],
      ['d-list', 'd is an empty list.', { d: [] }],
      ['ec-oth', 'oth of an RSA key beside an EC key.', { oth: [] }],
      ['d-number', 'd is a number.', { d: 0 }],
      ['d-false', 'd is false.', { d: false }],
    ] as const
  ).map(
    ([id, comment, members]): ReturnType<typeof doubtfulProof> =>
      doubtfulProof([NO_KEY, id, comment, 'DPOP-4.3-07', jwk({ ...ec1.jwk, ...members })]),
  ),
]);

const uses = group('RsVerify', 'intended-use', 'What jwk says the key is for.', rsConfig(), [
  acceptedProof(['unsaid', 'Nothing.', 'JOSE-7517-4-01', {}]),
  acceptedProof(['use-sig', 'use is sig.', 'JOSE-7517-4-01', jwk({ ...ec1.jwk, use: 'sig' })]),
  acceptedProof([
    'key-ops-verify',
    'key_ops is verify.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, key_ops: ['verify'] }),
  ]),
  acceptedProof([
    'alg-same',
    'alg is the same.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, alg: 'ES256' }),
  ]),
  acceptedProof([
    'alg-same-rsa',
    'alg of an RSA key is the same.',
    'JOSE-7517-4-01',
    { key: rsa2048, ...jwk({ ...rsa2048.jwk, alg: 'PS256' }) },
  ]),
  tolerableProof([
    'RFC 7517 §4.3 advises against several unrelated operations, and verify is among them.',
    'key-ops-several',
    'key_ops with verify among others.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, key_ops: ['encrypt', 'verify'] }),
  ]),
  tolerableProof([
    'RFC 7517 §4.3 allows further values, and verify is among them.',
    'key-ops-unknown',
    'key_ops with verify and an operation nobody knows.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, key_ops: ['verify', 'x.example'] }),
  ]),
  tolerableProof([
    'RFC 7517 §4.3 forbids writers to name an operation twice, and asks nothing of readers.',
    'key-ops-repeated',
    'key_ops is verify, twice.',
    'JOSE-7517-4-01',
    jwk({ ...ec1.jwk, key_ops: ['verify', 'verify'] }),
  ]),
  refusedProof([
    'alg-other-rsa',
    'alg is RS256, while the proof is signed by PS256.',
    'JOSE-7517-4-01',
    { key: rsa2048, ...jwk({ ...rsa2048.jwk, alg: 'RS256' }) },
    { base: 'alg-same-rsa' },
  ]),
  ...(
    [
      ['alg-other', 'alg is another algorithm.', { alg: 'ES384' }],
      ['alg-ecdh', 'alg is one for agreement.', { alg: 'ECDH-ES' }],
      ['alg-none', 'alg is none.', { alg: 'none' }],
      ['alg-case', 'alg is es256.', { alg: 'es256' }],
    ] as const
  ).map(
    ([id, comment, members]): ReturnType<typeof refusedProof> =>
      refusedProof([id, comment, 'JOSE-7517-4-01', jwk({ ...ec1.jwk, ...members })]),
  ),
  ...(
    [
      ['use-enc', 'use is enc.', { use: 'enc' }],
      ['key-ops-sign', 'key_ops is sign alone.', { key_ops: ['sign'] }],
      ['key-ops-empty', 'key_ops is an empty list.', { key_ops: [] }],
      ['key-ops-text', 'key_ops is the text verify.', { key_ops: 'verify' }],
      ['key-ops-null', 'key_ops is null.', { key_ops: null }],
      ['key-ops-case', 'key_ops is Verify.', { key_ops: ['Verify'] }],
      ['use-number', 'use is a number.', { use: 1 }],
      ['alg-number', 'alg is a number.', { alg: 7 }],
      ['alg-list', 'alg is a list of the right one.', { alg: ['ES256'] }],
      ['use-null', 'use is null.', { use: null }],
      ['use-list', 'use is a list of the right one.', { use: ['sig'] }],
      ['use-case', 'use is SIG.', { use: 'SIG' }],
      ['use-unknown', 'use is a value nobody knows.', { use: 'x.example' }],
      ['key-ops-derive', 'key_ops is one for agreement.', { key_ops: ['deriveKey'] }],
    ] as const
  ).map(
    ([id, comment, members]): ReturnType<typeof doubtfulProof> =>
      doubtfulProof([
        'RFC 7517 §4 leaves the checks to applications; a key is used as it says, or not at all.',
        id,
        comment,
        'JOSE-7517-4-01',
        jwk({ ...ec1.jwk, ...members }),
      ]),
  ),
]);

const rsJwk: FileDraft = {
  file: 'rs-jwk',
  title: 'The key in a proof',
  groups: [forms, privates, uses],
};

export default rsJwk;
