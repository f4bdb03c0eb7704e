import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { selfSignedCertificate } from '../encode/certificate.ts';
import { KEYS } from '../keys/keys.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';

const types = group('RsVerify', 'typ', 'typ says that the JWT is a proof.', rsConfig(), [
  acceptedProof(['dpop-jwt', 'dpop+jwt.', 'DPOP-4.3-04', {}]),
  ...(
    [
      ['prefixed', 'application/dpop+jwt', 'application/dpop+jwt'],
      ['mixed-case', 'DPoP+JWT', 'DPoP+JWT'],
      ['prefixed-upper-case', 'APPLICATION/DPOP+JWT', 'APPLICATION/DPOP+JWT'],
    ] as const
  ).map(([id, what, typ]) =>
    tolerableProof([
      'RFC 7515 §4.1.9 has typ a media type, whose prefix can be left out and whose case says nothing.',
      `typ-${id}`,
      `typ is ${what}.`,
      'JOSE-7515-4.1.9-01',
      { header: { typ } },
    ]),
  ),
  ...(
    [
      ['missing', 'No typ.', undefined],
      ['jwt', 'typ is JWT.', 'JWT'],
      ['at-jwt', 'typ is at+jwt.', 'at+jwt'],
      ['other-tree', 'typ is dpop+jwt in another tree.', 'text/dpop+jwt'],
      ['x-tree', 'typ is x/dpop+jwt.', 'x/dpop+jwt'],
      ['longer', 'typ begins like the right one.', 'dpop+jwt2'],
      ['shorter', 'typ is dpop.', 'dpop'],
      ['parameter', 'typ has a parameter.', 'dpop+jwt;v=1'],
      ['blank', 'typ has a blank behind it.', 'dpop+jwt '],
      ['prefix-twice', 'typ has the prefix twice.', 'application/application/dpop+jwt'],
      ['empty', 'typ is empty.', ''],
      ['null', 'typ is null.', null],
      ['number', 'typ is a number.', 1],
      ['list', 'typ is a list of the right one.', ['dpop+jwt']],
      ['full-width', 'typ has a full-width j, which only looks alike.', 'dpop+\uff4awt'],
      ['leading-blank', 'typ has a blank before it.', ' dpop+jwt'],
      ['nul', 'typ has a NUL behind it.', 'dpop+jwt\u0000'],
      ['suffix-only', 'typ is the suffix alone.', '+jwt'],
      ['secevent-jwt', 'typ is secevent+jwt.', 'secevent+jwt'],
      ['prefix-only', 'typ is application/.', 'application/'],
      ['true', 'typ is true.', true],
      ['object', 'typ is an object.', { typ: 'dpop+jwt' }],
    ] as const
  ).map(([id, comment, typ]) =>
    refusedProof([
      `typ-${id}`,
      comment,
      'DPOP-4.3-04 JWTBCP-3.12-01 DPOP-4.3-03 SEP1932-RS-01',
      { header: { typ } },
    ]),
  ),
]);

const critical = group(
  'RsVerify',
  'extensions',
  'Header members that change the meaning.',
  rsConfig(),
  [
    acceptedProof(['none', 'No crit.', 'JOSE-7515-4.1.11-01', {}]),
    acceptedProof([
      'unknown-members',
      'Members nobody knows, which are not critical.',
      'DPOP-4.2-09',
      { header: { foo: 1, 'x.example': { a: [null] } } },
    ]),
    acceptedProof([
      'crit-in-key',
      'A member crit of the key, where it means nothing.',
      'DPOP-4.2-09 JOSE-7517-4-01',
      { header: { jwk: { ...KEYS.ec1.jwk, crit: ['x'] } } },
    ]),
    acceptedProof([
      'crit-in-claims',
      'A claim crit, which means nothing.',
      'DPOP-4.2-09',
      { claims: { crit: ['x'], b64: false } },
    ]),
    ...(
      [
        ['crit-empty', 'crit is an empty list.', { crit: [] }],
        [
          'crit-unknown',
          'crit names an extension nobody knows.',
          { crit: ['http://x.example/y'], 'http://x.example/y': true },
        ],
        ['crit-absent-member', 'crit names a member that is not there.', { crit: ['x'] }],
        ['crit-standard', 'crit names typ, which is a standard member.', { crit: ['typ'] }],
        [
          'crit-claim',
          'crit names exp, as a header member.',
          { crit: ['exp'], exp: 4_102_444_800 },
        ],
        ['crit-text', 'crit is a text.', { crit: 'b64' }],
        ['crit-null', 'crit is null.', { crit: null }],
        ['crit-object', 'crit is an object.', { crit: {} }],
        ['crit-numbers', 'crit is a list of numbers.', { crit: [1] }],
        ['crit-needed', 'crit names jwk, which a proof needs anyway.', { crit: ['jwk'] }],
        ['crit-empty-name', 'crit names a member without a name.', { crit: [''], '': true }],
        ['crit-nested', 'crit is a list in a list.', { crit: [['x']], x: true }],
        ['crit-true', 'crit is true.', { crit: true }],
        ['crit-itself', 'crit names itself.', { crit: ['crit'] }],
        ['crit-b64-absent', 'crit names b64, which is not there.', { crit: ['b64'] }],
        ['crit-object-name', 'crit names what every object has.', { crit: ['toString'] }],
        ['crit-repeated', 'crit names an extension twice.', { crit: ['x', 'x'], x: true }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'JOSE-7515-4.1.11-01', { header }]),
    ),
    refusedProof([
      'b64-critical',
      'b64 is false and critical.',
      'JOSE-7797-7-01 JOSE-7515-4.1.11-01',
      { header: { b64: false, crit: ['b64'] } },
    ]),
    doubtfulProof([
      'Who does not know RFC 7797 ignores it; who knows it must not take it, since the payload is encoded.',
      'b64-alone',
      'b64 is false and not critical.',
      'JOSE-7797-7-01',
      { header: { b64: false } },
    ]),
    doubtfulProof([
      'RFC 7797 §7 has JWTs not use b64; true is the default, and a member that changes nothing.',
      'b64-true',
      'b64 is true and critical.',
      'JOSE-7797-7-01 JOSE-7515-4.1.11-01',
      { header: { b64: true, crit: ['b64'] } },
    ]),
  ],
);

const CERTIFICATE = Buffer.from(selfSignedCertificate(KEYS.ec2)).toString('base64');

const keyHints = group(
  'RsVerify',
  'key-hints',
  'Members that name a key elsewhere are not followed.',
  rsConfig(),
  [
    acceptedProof(['jwk-alone', 'The key in jwk.', 'JOSE-7515-4.1.2-P1', {}]),
    acceptedProof([
      'kid-beside',
      'kid beside jwk.',
      'DPOP-4.2-09 JOSE-7515-4.1.2-P1',
      { header: { kid: 'mine' } },
    ]),
    acceptedProof([
      'kid-of-other-key',
      'kid is the thumbprint of another key.',
      'DPOP-4.2-09 JOSE-7515-4.1.2-P1',
      { header: { kid: KEYS.ec2.jkt } },
    ]),
    acceptedProof([
      'kids-differ',
      'kid and the kid in jwk differ.',
      'DPOP-4.2-09 JOSE-7515-4.1.2-P1',
      { header: { kid: 'mine', jwk: { ...KEYS.ec1.jwk, kid: 'other' } } },
    ]),
    ...(
      [
        ['x5t-beside', 'x5t and x5t#S256 beside jwk.', { x5t: 'eA', 'x5t#S256': 'eA' }],
        [
          'pointers-in-key',
          'x5u and x5c of another key within jwk.',
          {
            jwk: {
              ...KEYS.ec1.jwk,
              x5u: 'https://evil.example/certificate',
              x5c: [CERTIFICATE],
            },
          },
        ],
        ['kid-path', 'kid is a path, beside jwk.', { kid: '../../etc/passwd' }],
        ['kid-sql', 'kid is a statement, beside jwk.', { kid: "' OR '1'='1" }],
        ['jku-beside', 'jku beside jwk.', { jku: 'https://evil.example/jwks' }],
        ['x5u-beside', 'x5u beside jwk.', { x5u: 'https://evil.example/certificate' }],
        ['x5c-beside', 'x5c of another key beside jwk.', { x5c: [CERTIFICATE] }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof tolerableProof> =>
        tolerableProof([
          'Header members that a proof does not need do not spoil it, as long as nobody uses them.',
          id,
          comment,
          'JOSE-7515-4.1.2-P1 DPOP-4.2-09',
          { header },
        ]),
    ),
    ...(
      [
        [
          'kid-only',
          'kid names a published key of the issuer, and there is no jwk.',
          { jwk: undefined, kid: KEYS.issuer1.name },
        ],
        [
          'jku-only',
          'jku in the place of jwk.',
          { jwk: undefined, jku: 'https://evil.example/jwks', kid: 'mine' },
        ],
        [
          'x5u-only',
          'x5u in the place of jwk.',
          { jwk: undefined, x5u: 'https://evil.example/certificate' },
        ],
        ['x5c-only', 'x5c in the place of jwk.', { jwk: undefined, x5c: [CERTIFICATE] }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'DPOP-4.3-03 JOSE-7515-4.1.2-P1 SEP1932-RS-01', { header }]),
    ),
    refusedProof([
      'kid-of-the-signer',
      'Signed by the issuer whose key kid names, while jwk is the bound one.',
      'DPOP-4.3-06 JOSE-7515-4.1.2-P1',
      {
        header: { kid: KEYS.issuer1.name },
        sign: (input) => KEYS.issuer1.sign(input, 'ES256'),
      },
    ]),
    refusedProof([
      'key-in-claims',
      'The key stands in the claims.',
      'DPOP-4.3-03',
      { header: { jwk: undefined }, claims: { jwk: KEYS.ec1.jwk, cnf: { jwk: KEYS.ec1.jwk } } },
    ]),
    refusedProof([
      'x5c-of-the-signer',
      'Signed by the key of x5c, while jwk is the bound one.',
      'DPOP-4.3-06 JOSE-7515-4.1.2-P1',
      { header: { x5c: [CERTIFICATE] }, sign: (input) => KEYS.ec2.sign(input, 'ES256') },
    ]),
  ],
);

const rsHeader: FileDraft = {
  file: 'rs-header',
  title: 'The header of a proof',
  groups: [types, critical, keyHints],
};

export default rsHeader;
