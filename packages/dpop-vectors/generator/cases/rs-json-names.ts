import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { type Member, objectText, rawJson } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import {
  acceptedProof,
  doubtfulProof,
  type OpenProofRow,
  type ProofRow,
  refusedProof,
} from '../proof-cases.ts';
import { CLAIMS, claimsAfter, claimsWith, HEADER_MEMBERS } from '../proof-text.ts';

const TWICE =
  'RFC 7515 §4 lets parsers refuse, or take the last; two parsers in a chain may differ.';

/** A member twice, the good one last, so that only a refusal is safe and the last one is legal. */
function twice(id: string, what: string, payloadPart: string): OpenProofRow {
  return [
    TWICE,
    id,
    `${what} twice, the good one last.`,
    'JOSE-7515-4-01',
    { payloadPart },
    { flags: ['DuplicateMember'] },
  ];
}

/** A member twice, the good one first: nothing legal accepts it. */
function firstGood(id: string, what: string, payloadPart: string): ProofRow {
  return [
    id,
    `${what} twice, the good one first.`,
    'JOSE-7515-4-01',
    { payloadPart },
    { flags: ['DuplicateMember'] },
  ];
}

const KEY_MEMBERS: readonly Member[] = Object.entries(KEYS.ec1.jwk);

/** The header with a key of these members. */
function headerWithKey(members: readonly Member[]): string {
  return objectText([
    ['typ', 'dpop+jwt'],
    ['alg', 'ES256'],
    ['jwk', rawJson(objectText(members))],
  ]);
}

const duplicates = group('RsVerify', 'duplicates', 'A member occurs twice.', rsConfig(), [
  acceptedProof(['once', 'Each member once.', 'JOSE-7515-4-01', { payloadPart: CLAIMS }]),
  doubtfulProof(twice('htm-last', 'htm', claimsAfter(['htm', 'POST']))),
  doubtfulProof(twice('htu-last', 'htu', claimsAfter(['htu', 'https://evil.example/r']))),
  doubtfulProof(twice('iat-last', 'iat', claimsAfter(['iat', 1]))),
  doubtfulProof(twice('ath-last', 'ath', claimsAfter(['ath', 'x']))),
  doubtfulProof(twice('jti-same', 'jti, with one value,', claimsAfter(['jti', 'jti-of-the-form']))),
  doubtfulProof(twice('jti-other', 'jti, with two values,', claimsAfter(['jti', 'another']))),
  doubtfulProof(twice('htm-same', 'htm, with one value,', claimsAfter(['htm', 'GET']))),
  doubtfulProof(twice('unknown-twice', 'A member nobody knows', claimsAfter(['x', 1], ['x', 1]))),
  doubtfulProof(
    twice(
      'within-object',
      'A member of an object within',
      claimsAfter(['x', rawJson('{"a":1,"a":2}')]),
    ),
  ),
  doubtfulProof([
    TWICE,
    'escaped-name',
    'htm once as it is and once with an escape in its name.',
    'JOSE-7515-4-01',
    { payloadPart: `{"\\u0068tm":"POST",${CLAIMS.slice(1)}` },
    { flags: ['DuplicateMember'] },
  ]),
  refusedProof(firstGood('htm-first', 'htm', claimsWith(['htm', 'POST']))),
  refusedProof(firstGood('htu-first', 'htu', claimsWith(['htu', 'https://evil.example/r']))),
  refusedProof(firstGood('iat-first', 'iat', claimsWith(['iat', 1]))),
  refusedProof(firstGood('ath-first', 'ath', claimsWith(['ath', 'x']))),
  refusedProof(
    firstGood('jti-first', 'jti, as a text and then as a number,', claimsWith(['jti', 1])),
  ),
  ...(
    [
      ['alg', 'alg', objectText([...HEADER_MEMBERS, ['alg', 'none']])],
      ['typ', 'typ', objectText([...HEADER_MEMBERS, ['typ', 'JWT']])],
      ['jwk', 'jwk', objectText([...HEADER_MEMBERS, ['jwk', KEYS.ec2.jwk]])],
      ['jwk-x', 'x of the key', headerWithKey([...KEY_MEMBERS, ['x', KEYS.ec2.jwk.x]])],
    ] as const
  ).map(
    ([id, what, headerPart]): ReturnType<typeof refusedProof> =>
      refusedProof([
        `header-${id}-first`,
        `${what} twice, the good one first.`,
        'JOSE-7515-4-01',
        { headerPart },
        { flags: ['DuplicateMember'] },
      ]),
  ),
  ...(
    [
      [
        'alg',
        'alg twice in the header, the good one last.',
        objectText([['alg', 'none'], ...HEADER_MEMBERS]),
      ],
      [
        'typ',
        'typ twice in the header, the good one last.',
        objectText([['typ', 'JWT'], ...HEADER_MEMBERS]),
      ],
      [
        'jwk',
        'jwk twice in the header, the good one last.',
        objectText([['jwk', KEYS.ec2.jwk], ...HEADER_MEMBERS]),
      ],
      [
        'jwk-x',
        'x twice in the key, the good one last.',
        headerWithKey([['x', KEYS.ec2.jwk.x], ...KEY_MEMBERS]),
      ],
    ] as const
  ).map(([id, comment, headerPart]) =>
    doubtfulProof([
      TWICE,
      `header-${id}`,
      comment,
      'JOSE-7515-4-01',
      { headerPart },
      { flags: ['DuplicateMember'] },
    ]),
  ),
]);

/** Some parsers find a member under a name in another case. */
const names = group('RsVerify', 'names', 'Names are compared as they stand.', rsConfig(), [
  acceptedProof(['as-registered', 'Names as they are registered.', 'DPOP-4.3-03', {}]),
  acceptedProof([
    'capitals-beside',
    'HTM, HTU and ATH with other values, behind the good members.',
    'DPOP-4.2-09 JOSE-7515-4-01',
    { payloadPart: claimsWith(['HTM', 'POST'], ['HTU', 'https://evil.example/r'], ['ATH', 'x']) },
  ]),
  acceptedProof([
    'header-capitals-beside',
    'ALG, TYP and JWK with other values, behind the good members.',
    'DPOP-4.2-09 JOSE-7515-4-01',
    {
      headerPart: objectText([
        ...HEADER_MEMBERS,
        ['ALG', 'none'],
        ['TYP', 'JWT'],
        ['JWK', KEYS.ec2.jwk],
      ]),
    },
  ]),
  ...(['htm', 'htu', 'iat', 'ath', 'jti'] as const).map((name) =>
    refusedProof([
      `${name}-in-capitals`,
      `${name.toUpperCase()} in the place of ${name}.`,
      'DPOP-4.3-03',
      { payloadPart: CLAIMS.replace(`"${name}"`, `"${name.toUpperCase()}"`) },
    ]),
  ),
  ...(['typ', 'alg', 'jwk'] as const).map((name) =>
    refusedProof([
      `${name}-in-capitals`,
      `${name.toUpperCase()} in the place of ${name}.`,
      'DPOP-4.3-03',
      { headerPart: objectText(HEADER_MEMBERS).replace(`"${name}"`, `"${name.toUpperCase()}"`) },
    ]),
  ),
  refusedProof([
    'htm-wrong-capitals-right',
    'htm is another method; HTM behind it is the right one.',
    'DPOP-4.3-08',
    { payloadPart: CLAIMS.replace('"GET"', '"POST","HTM":"GET"') },
  ]),
  refusedProof([
    'htm-with-nul',
    'A NUL at the end of the name htm.',
    'DPOP-4.3-03',
    { payloadPart: CLAIMS.replace('"htm"', '"htm\\u0000"') },
  ]),
  refusedProof([
    'claims-in-header',
    'The claims stand in the header, and the payload is an empty object.',
    'DPOP-4.3-03',
    {
      headerPart: `${objectText(HEADER_MEMBERS).slice(0, -1)},${CLAIMS.slice(1)}`,
      payloadPart: '{}',
    },
  ]),
  refusedProof([
    'claims-within-claim',
    'The claims stand within a claim.',
    'DPOP-4.3-03',
    { payloadPart: `{"claims":${CLAIMS}}` },
  ]),
  refusedProof([
    'claims-within-proto',
    'The claims stand within one called __proto__.',
    'DPOP-4.3-03 JWTBCP-3.10-01',
    { payloadPart: `{"__proto__":${CLAIMS}}` },
  ]),
  acceptedProof([
    'name-escaped',
    'htm has an escape in its name, which means the same name.',
    'JOSE-7515-5.2-01',
    { payloadPart: CLAIMS.replace('"htm"', '"\\u0068tm"') },
  ]),
]);

const rsJsonNames: FileDraft = {
  file: 'rs-json-names',
  title: 'The form of a proof: names of members',
  groups: [duplicates, names],
};

export default rsJsonNames;
