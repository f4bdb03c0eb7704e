import type { RequestVector } from '../../src/format.ts';
import { type ChallengeCase, challenge, must, should, status } from '../challenge-cases.ts';
import { ALGORITHMS, CLOCK, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request, withToken } from '../messages.ts';
import { unbound } from '../token-cases.ts';

const LISTED = ALGORITHMS.join(' ');
const ERRORS = ['error', 'error_description', 'error_uri'];

const ANONYMOUS = request({ authorization: null, proofs: null });
const BAD_PROOF_REQUEST = request({ proofs: [proof({ claims: { htm: 'POST' } })] });
const EXPIRED = { iat: CLOCK - 601, exp: CLOCK - 301 };
const UNDER_BOTH = request({ further: [['Authorization', `Bearer ${unbound()}`]] });

const SHOULD_NAME = { reason: 'RFC 9449 §7.1 and RFC 6750 §3.1 recommend to name the error.' };
const SHOULD_BE_SILENT = {
  reason: 'RFC 6750 §3.1 recommends to tell those without credentials nothing of errors.',
};
const SHOULD_LIST = {
  reason: 'RFC 9449 §7.1 recommends algs, with the algorithms that are accepted.',
};
const SHOULD_BE_USED_ONE = {
  reason: 'RFC 9449 §7.2 recommends the error in the challenge of the scheme that was used alone.',
};
const MAY_POINT = {
  reason: 'RFC 9728 §5.1 has the parameter for all schemes; it is there when it is configured.',
};
const METADATA = 'https://rs.example/.well-known/oauth-protected-resource';
const OTHER_ALGORITHMS = ['Ed25519', 'PS256', 'ES256'];

const DPOP_ONLY: readonly ChallengeCase[] = [
  must('none', 'No credentials.', 'DPOP-7.1-04 BEARER-3-01', ANONYMOUS, [
    status(401),
    challenge('DPoP'),
  ]),
  must(
    'proof-alone',
    'A good proof and no token.',
    'DPOP-4-02 DPOP-7.1-04',
    request({ authorization: null }),
    [status(401), challenge('DPoP')],
  ),
  should(
    'none-no-error',
    'No credentials: no error either.',
    'BEARER-3.1-01',
    ANONYMOUS,
    [challenge('DPoP', {}, ERRORS)],
    SHOULD_BE_SILENT,
  ),
  should(
    'none-algs',
    'No credentials: the algorithms for the first proof.',
    'DPOP-7.1-08',
    ANONYMOUS,
    [challenge('DPoP', { algs: LISTED })],
    SHOULD_LIST,
  ),
  should(
    'none-other-algs',
    'No credentials: the configured algorithms, in their order.',
    'DPOP-7.1-08',
    ANONYMOUS,
    [challenge('DPoP', { algs: OTHER_ALGORITHMS.join(' ') })],
    { ...SHOULD_LIST, override: { proofAlgorithms: OTHER_ALGORITHMS } },
  ),
  should(
    'none-one-alg',
    'No credentials: a list of one.',
    'DPOP-7.1-08',
    ANONYMOUS,
    [challenge('DPoP', { algs: 'ES256' })],
    { ...SHOULD_LIST, override: { proofAlgorithms: ['ES256'] } },
  ),
  should(
    'none-not-bearer',
    'No credentials: Bearer is not offered.',
    'DPOP-7.1-04',
    ANONYMOUS,
    [{ kind: 'no-challenge', scheme: 'Bearer' }],
    {
      reason: 'A challenge of a scheme that is not taken leads clients astray (RFC 9110 §11.6.1).',
    },
  ),
  ...(
    [
      [
        'bad-token',
        'An expired token.',
        'invalid_token',
        withToken(accessToken({ claims: EXPIRED })),
      ],
      ['bad-proof', 'A proof for another method.', 'invalid_dpop_proof', BAD_PROOF_REQUEST],
      ['two-proofs', 'Two proofs.', 'invalid_dpop_proof', request({ proofs: [proof(), proof()] })],
      [
        'wrong-key',
        'A proof by another key.',
        'invalid_token',
        request({ proofs: [proof({ key: KEYS.ec2, token: accessToken() })] }),
      ],
    ] as const
  ).map(([id, comment, error, vector]) =>
    should(
      `${id}-error`,
      `${comment.slice(0, -1)}: the error, and the algorithms again.`,
      id === 'wrong-key'
        ? 'DPOP-7.1-12 DPOP-7.1-06 DPOP-7.1-08'
        : 'DPOP-7.1-06 DPOP-7.1-08 ATJWT-4-06 SEP1932-RS-01',
      vector,
      [status(401), challenge('DPoP', { error, algs: LISTED })],
      SHOULD_NAME,
    ),
  ),
  should(
    'little-scope-error',
    'Too little scope: 403, the error, and the scope that is demanded.',
    'BEARER-3.1-04 DPOP-7.1-06 MCP-SCOPE-01',
    request(),
    [
      status(403),
      challenge('DPoP', { error: 'insufficient_scope', scope: 'notes:read notes:admin' }),
    ],
    { ...SHOULD_NAME, override: { requiredScope: ['notes:read', 'notes:admin'] } },
  ),
  should(
    'malformed-error',
    'A field with a scheme and two texts: 400 and the error.',
    'BEARER-3.1-02 DPOP-7.1-06',
    request({ authorization: `DPoP ${accessToken()} more` }),
    [status(400), challenge('DPoP', { error: 'invalid_request' })],
    SHOULD_NAME,
  ),
  should(
    'none-metadata',
    'No credentials: where the metadata are.',
    'PRM-5.1-01',
    ANONYMOUS,
    [challenge('DPoP', { resource_metadata: METADATA })],
    { ...MAY_POINT, override: { resourceMetadata: METADATA } },
  ),
  should(
    'nonce-not-handed-out',
    'A bad proof where no nonces are in use: none is handed out.',
    'DPOP-11.3-01',
    BAD_PROOF_REQUEST,
    [{ kind: 'field-absent', name: 'DPoP-Nonce' }],
    { reason: 'A client that is given a nonce has to send one ever after (RFC 9449 §8).' },
  ),
];

const BEARER_ONLY: readonly ChallengeCase[] = [
  must(
    'bearer-none',
    'No credentials: a challenge with a parameter.',
    'BEARER-3-01 BEARER-3-02',
    ANONYMOUS,
    [status(401), challenge('Bearer')],
  ),
  must(
    'bearer-bad-token',
    'An expired token: a challenge with a parameter.',
    'BEARER-3-01 BEARER-3-02 BEARER-3-03',
    withToken(unbound({ claims: EXPIRED }), 'Bearer'),
    [status(401), challenge('Bearer')],
  ),
  should(
    'bearer-none-no-error',
    'No credentials: no error either.',
    'BEARER-3.1-01',
    ANONYMOUS,
    [challenge('Bearer', {}, ERRORS)],
    SHOULD_BE_SILENT,
  ),
  should(
    'bearer-bad-token-error',
    'An expired token: the error.',
    'BEARER-3.1-03 ATJWT-4-06',
    withToken(unbound({ claims: EXPIRED }), 'Bearer'),
    [status(401), challenge('Bearer', { error: 'invalid_token' })],
    SHOULD_NAME,
  ),
  should(
    'bearer-little-scope-error',
    'Too little scope: 403, the error, and the scope that is demanded.',
    'BEARER-3.1-04 MCP-SCOPE-01',
    withToken(unbound(), 'Bearer'),
    [status(403), challenge('Bearer', { error: 'insufficient_scope', scope: 'notes:admin' })],
    { ...SHOULD_NAME, override: { requiredScope: ['notes:admin'] } },
  ),
  should(
    'bearer-no-algs',
    'No credentials: algs belongs to DPoP.',
    'DPOP-7.1-08',
    ANONYMOUS,
    [{ kind: 'no-challenge', scheme: 'DPoP' }, challenge('Bearer', {}, ['algs'])],
    { reason: 'RFC 6750 §3 has no such parameter, and nothing here takes a proof.' },
  ),
];

/** A case that says of both challenges what each has. */
function placed(
  id: string,
  comment: string,
  vector: RequestVector,
  used: 'DPoP' | 'Bearer',
  error: string,
): ChallengeCase {
  const other = used === 'DPoP' ? 'Bearer' : 'DPoP';
  return should(
    id,
    comment,
    'DPOP-7.2-03 DPOP-7.1-06',
    vector,
    [challenge(used, { error }), challenge(other, {}, ERRORS)],
    SHOULD_BE_USED_ONE,
  );
}

const BOTH: readonly ChallengeCase[] = [
  must(
    'both-none',
    'No credentials: both schemes, neither bare nor with repetitions.',
    'DPOP-7.1-04 BEARER-3-02 BEARER-3-03',
    ANONYMOUS,
    [status(401), challenge('DPoP'), challenge('Bearer')],
  ),
  must(
    'both-bound-bearer',
    'A bound token under Bearer: refused, and DPoP is shown as the way.',
    'DPOP-7.2-01 DPOP-7.1-04',
    withToken(accessToken(), 'Bearer'),
    [status(401), challenge('DPoP')],
  ),
  should(
    'both-none-no-error',
    'No credentials: no error in either challenge.',
    'BEARER-3.1-01',
    ANONYMOUS,
    [challenge('DPoP', {}, ERRORS), challenge('Bearer', {}, ERRORS)],
    SHOULD_BE_SILENT,
  ),
  placed(
    'both-bad-proof',
    'A bad proof: the error is of DPoP alone.',
    BAD_PROOF_REQUEST,
    'DPoP',
    'invalid_dpop_proof',
  ),
  placed(
    'both-no-proof',
    'No proof: the error is of DPoP alone.',
    request({ proofs: null }),
    'DPoP',
    'invalid_dpop_proof',
  ),
  placed(
    'both-bad-token-bearer',
    'An expired token under Bearer: the error is of Bearer alone.',
    withToken(unbound({ claims: EXPIRED }), 'Bearer'),
    'Bearer',
    'invalid_token',
  ),
  placed(
    'both-bound-bearer-error',
    'A bound token under Bearer: the error is of Bearer alone.',
    withToken(accessToken(), 'Bearer'),
    'Bearer',
    'invalid_token',
  ),
  should(
    'both-bearer-error-algs',
    'A bad Bearer token: the algorithms stand in the DPoP challenge all the same.',
    'DPOP-7.1-08',
    withToken(accessToken(), 'Bearer'),
    [challenge('DPoP', { algs: LISTED }), challenge('Bearer', {}, ['algs'])],
    SHOULD_LIST,
  ),
  should(
    'both-two-tokens',
    'A token under each scheme: 400, and the error in both challenges.',
    'BEARER-2-02 BEARER-3.1-02 BEARER-3-03 DPOP-7.1-06',
    UNDER_BOTH,
    [
      status(400),
      challenge('DPoP', { error: 'invalid_request' }),
      challenge('Bearer', { error: 'invalid_request' }),
    ],
    SHOULD_NAME,
  ),
  ...(
    [
      ['both-none-metadata', 'No credentials', ANONYMOUS],
      ['both-error-metadata', 'A bad proof', BAD_PROOF_REQUEST],
    ] as const
  ).map(([id, what, vector]) =>
    should(
      id,
      `${what}: both challenges say where the metadata are.`,
      'PRM-5.1-01',
      vector,
      [
        challenge('DPoP', { resource_metadata: METADATA }),
        challenge('Bearer', { resource_metadata: METADATA }),
      ],
      { ...MAY_POINT, override: { resourceMetadata: METADATA } },
    ),
  ),
];

const challengeFile: FileDraft = {
  file: 'challenge',
  title: 'Challenges in the answers of a resource',
  groups: [
    group('Challenge', 'dpop', 'A resource that takes DPoP alone.', rsConfig(), DPOP_ONLY),
    group(
      'Challenge',
      'bearer',
      'A resource that takes Bearer alone.',
      rsConfig({ schemes: ['Bearer'] }),
      BEARER_ONLY,
    ),
    group(
      'Challenge',
      'both',
      'A resource that takes both.',
      rsConfig({ schemes: ['DPoP', 'Bearer'] }),
      BOTH,
    ),
  ],
};

export default challengeFile;
