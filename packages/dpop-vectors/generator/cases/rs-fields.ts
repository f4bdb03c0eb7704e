import type { FieldLine, RequestTest } from '../../src/format.ts';
import { rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_PROOF,
  type FileDraft,
  group,
  invalid,
  OK,
  refused,
  valid,
} from '../draft.ts';
import { fields } from '../field-cases.ts';
import { accessToken, proof, request } from '../messages.ts';

const TOKEN = accessToken();
const PROOF = proof();
const OTHER_PROOF = proof({ claims: { jti: 'another' } });

const AUTHORIZATION: FieldLine = ['Authorization', `DPoP ${TOKEN}`];

const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = PROOF.split('.');

const dpop = group('RsVerify', 'dpop-field', 'The DPoP field.', rsConfig(), [
  valid<RequestTest>('one', 'One field.', 'DPOP-4.3-01', { request: request(), expect: OK }),
  ...['dpop', 'DPOP', 'dPoP'].map((name, index) =>
    valid<RequestTest>(`name-${index}`, `The field is called ${name}.`, 'DPOP-4.1-01', {
      ...fields([AUTHORIZATION, [name, PROOF]]),
      expect: OK,
    }),
  ),
  ...(
    [
      ['missing', 'No field.', [], 'DPOP-7.1-02'],
      ['empty', 'An empty field.', [''], 'DPOP-4.1-P1'],
      ['blanks', 'A field of blanks.', ['   '], 'DPOP-4.1-P1'],
      ['two-empty', 'Two empty fields.', ['', ''], 'DPOP-4.3-01 DPOP-4.1-P1'],
      ['twice', 'The same proof in two fields.', [PROOF, PROOF], 'DPOP-4.3-01'],
      ['two', 'Two good proofs in two fields.', [PROOF, OTHER_PROOF], 'DPOP-4.3-01'],
      ['three', 'Three fields.', [PROOF, OTHER_PROOF, PROOF], 'DPOP-4.3-01'],
      ['good-then-bad', 'A good proof, then text.', [PROOF, 'x'], 'DPOP-4.3-01'],
      ['bad-then-good', 'Text, then a good proof.', ['x', PROOF], 'DPOP-4.3-01'],
      ['empty-then-good', 'An empty field, then a good proof.', ['', PROOF], 'DPOP-4.3-01'],
      ['good-then-empty', 'A good proof, then an empty field.', [PROOF, ''], 'DPOP-4.3-01'],
      [
        'comma',
        'Two proofs in one field, with comma and blank.',
        [`${PROOF}, ${OTHER_PROOF}`],
        'DPOP-4.3-02',
      ],
      [
        'comma-alone',
        'Two proofs in one field, with a comma.',
        [`${PROOF},${OTHER_PROOF}`],
        'DPOP-4.3-02',
      ],
      [
        'leading-comma',
        'A comma before the proof, as Node joins an empty field.',
        [`, ${PROOF}`],
        'DPOP-4.3-02',
      ],
      ['trailing-comma', 'A comma behind the proof.', [`${PROOF},`], 'DPOP-4.3-02'],
      ['semicolon', 'A semicolon behind the proof.', [`${PROOF};`], 'DPOP-4.1-02'],
      [
        'inner-blank',
        'A blank in the signature.',
        [`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 9)} ${SIGNATURE.slice(9)}`],
        'DPOP-4.1-02',
      ],
      [
        'blank-around-dot',
        'Blanks around a dot.',
        [`${HEADER} . ${PAYLOAD}.${SIGNATURE}`],
        'DPOP-4.1-02',
      ],
      [
        'inner-newline',
        'A line feed in the signature.',
        [`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 9)}\n${SIGNATURE.slice(9)}`],
        'DPOP-4.1-02 JOSE-7515-2-01',
      ],
      ['padding', 'The proof with == behind it.', [`${PROOF}==`], 'JOSE-7515-2-01 DPOP-4.1-02'],
      ['quoted', 'The proof in quotation marks.', [`"${PROOF}"`], 'DPOP-4.1-02'],
      ['scheme', 'The word DPoP before the proof.', [`DPoP ${PROOF}`], 'DPOP-4.1-02'],
      ['upper-case', 'The proof in capitals.', [PROOF.toUpperCase()], 'DPOP-4.1-01'],
      ['undefined', 'The word undefined.', ['undefined'], 'DPOP-4.3-02'],
      ['null', 'The word null.', ['null'], 'DPOP-4.3-02'],
      ['braces', 'An empty object.', ['{}'], 'DPOP-4.1-02'],
      ['dots', 'Two dots.', ['..'], 'DPOP-4.3-02'],
      ['percent-encoded', 'A dot percent-encoded.', [PROOF.replace('.', '%2E')], 'DPOP-4.1-02'],
      ['high-characters', 'A character beyond ASCII behind it.', [`${PROOF}\u00e9`], 'DPOP-4.1-02'],
      ['token', 'The access token once more.', [TOKEN], 'DPOP-4.3-04 JWTBCP-3.12-01'],
    ] as const
  ).map(([id, comment, given, requirements]) =>
    invalid<RequestTest>(`dpop-${id}`, comment, `${requirements} SEP1932-RS-01`, {
      ...fields([AUTHORIZATION, ...given.map((value): FieldLine => ['DPoP', value])]),
      expect: id === 'missing' ? refused('invalid_dpop_proof', 'invalid_token') : BAD_PROOF,
    }),
  ),
  ...(
    [
      ['in-query', 'The proof in the query.', `/r?dpop=${PROOF}`, []],
      ['in-other-field', 'The proof in a field X-DPoP.', '/r', [['X-DPoP', PROOF]]],
      ['in-cookie', 'The proof in a cookie.', '/r', [['Cookie', `DPoP=${PROOF}`]]],
      [
        'in-nonce-field',
        'The proof in the field that is for nonces.',
        '/r',
        [['DPoP-Nonce', PROOF]],
      ],
      [
        'beside-the-token',
        'The proof as a parameter behind the token.',
        '/r',
        [['Authentication-Info', `dpop="${PROOF}"`]],
      ],
    ] as const
  ).map(([id, comment, target, given]) =>
    invalid<RequestTest>(id, comment, 'DPOP-7.1-02 SEP1932-RS-01', {
      ...fields([AUTHORIZATION, ...given], { target }),
      expect: refused('invalid_dpop_proof', 'invalid_token'),
    }),
  ),
  invalid<RequestTest>(
    'dpop-two-names',
    'Two good proofs in two fields, whose names differ in case.',
    'DPOP-4.3-01 DPOP-4.1-01',
    {
      ...fields([AUTHORIZATION, ['DPoP', PROOF], ['dpop', OTHER_PROOF]]),
      expect: BAD_PROOF,
    },
  ),
  acceptable<RequestTest>(
    'reject',
    'dpop-trailing-newline',
    'A line feed behind the proof.',
    'DPOP-4.1-02 JOSE-7515-2-01',
    { ...fields([AUTHORIZATION, ['DPoP', `${PROOF}\n`]]), expect: BAD_PROOF },
    {
      reason:
        'RFC 9110 §5.5 lets recipients refuse a line feed in a value or read it as a blank, which then falls away.',
    },
  ),
]);

const rsFields: FileDraft = {
  file: 'rs-fields',
  title: 'The field of the proof',
  groups: [dpop],
};

export default rsFields;
