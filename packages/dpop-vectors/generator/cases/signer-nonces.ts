import { CLOCK } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import {
  absent,
  count,
  equals,
  fetched,
  good,
  nonceWanted,
  scenario,
  tokenAnswer,
  tokenRequest,
  withNonce,
} from '../scenarios.ts';

const nonces = group('Signer', 'nonces', 'What a client does with nonces.', { clock: CLOCK }, [
  ...[200, 201, 400, 401, 403, 404, 429, 500, 503].map((status) =>
    scenario(
      `adopted-from-${status}`,
      `An answer with status ${status} brings a nonce; the next proof carries it.`,
      'DPOP-8.2-01 DPOP-4.2-08',
      {
        calls: [fetched({ responses: [withNonce('n1', status)] }), fetched()],
        assertions: [
          count(2),
          absent(0, 'proof.payload.nonce'),
          equals(1, 'proof.payload.nonce', 'n1'),
        ],
      },
    ),
  ),
  scenario('newest', 'Of two nonces the later one is used.', 'DPOP-8.2-01', {
    calls: [
      fetched({ responses: [withNonce('n1')] }),
      fetched({ responses: [withNonce('n2')] }),
      fetched(),
    ],
    assertions: [equals(1, 'proof.payload.nonce', 'n1'), equals(2, 'proof.payload.nonce', 'n2')],
  }),
  scenario('kept', 'A nonce is used until the next one comes.', 'DPOP-8.2-01', {
    calls: [fetched({ responses: [withNonce('n1')] }), fetched(), fetched()],
    assertions: [equals(1, 'proof.payload.nonce', 'n1'), equals(2, 'proof.payload.nonce', 'n1')],
  }),
  scenario('per-origin', 'A nonce of one server is not shown to another.', 'DPOP-9-02', {
    calls: [
      fetched({ responses: [withNonce('n1')] }),
      fetched({ url: 'https://other.example/r' }),
      fetched(),
    ],
    assertions: [absent(1, 'proof.payload.nonce'), equals(2, 'proof.payload.nonce', 'n1')],
  }),
  scenario('per-port', 'Another port is another server.', 'DPOP-9-02', {
    calls: [
      fetched({ responses: [withNonce('n1')] }),
      fetched({ url: 'https://rs.example:8443/r' }),
    ],
    assertions: [absent(1, 'proof.payload.nonce')],
  }),
  scenario('of-the-as', 'A nonce of the authorization server stays there.', 'DPOP-9-02', {
    calls: [tokenRequest(tokenAnswer('DPoP', [['DPoP-Nonce', 'as1']])), fetched()],
    assertions: [absent(1, 'proof.payload.nonce')],
  }),
  ...(
    [
      ['quote', 'with a quotation mark', [['DPoP-Nonce', 'a"b']]],
      ['blank', 'with a blank', [['DPoP-Nonce', 'a b']]],
      ['backslash', 'with a backslash', [['DPoP-Nonce', 'a\\b']]],
      ['empty', 'that is empty', [['DPoP-Nonce', '']]],
      [
        'twice',
        'in two fields',
        [
          ['DPoP-Nonce', 'n1'],
          ['DPoP-Nonce', 'n2'],
        ],
      ],
    ] as const
  ).map(([id, what, fields]) =>
    scenario(`syntax-${id}`, `A nonce ${what} is not used.`, 'DPOP-8.1-01', {
      calls: [fetched({ responses: [{ status: 200, fields }] }), fetched()],
      assertions: [count(2), absent(1, 'proof.payload.nonce')],
    }),
  ),
  scenario('wanted', 'A resource server asks for a nonce and gives one.', 'DPOP-8-06 DPOP-4-01', {
    calls: [fetched({ responses: [nonceWanted('n1'), { status: 200, fields: [] }] })],
    assertions: [
      count(2),
      good(1),
      equals(1, 'proof.payload.nonce', 'n1'),
      { kind: 'distinct', path: 'proof.payload.jti' },
      { kind: 'outcome', call: 0, is: 'response', status: 200 },
    ],
  }),
  scenario('wanted-with-body', 'A POST with a body is sent again whole.', 'DPOP-8-06', {
    calls: [
      fetched({
        method: 'POST',
        body: 'the whole body',
        responses: [nonceWanted('n1'), { status: 200, fields: [] }],
      }),
    ],
    assertions: [
      count(2),
      equals(0, 'body', 'the whole body'),
      equals(1, 'body', 'the whole body'),
    ],
  }),
  scenario('wanted-with-stream', 'The body is a stream that is spent.', 'DPOP-8-P2', {
    calls: [
      fetched({
        method: 'POST',
        body: 'read once',
        bodyIsStream: true,
        responses: [nonceWanted('n1'), { status: 200, fields: [] }],
      }),
    ],
    assertions: [count(1), { kind: 'outcome', call: 0, is: 'error' }],
  }),
  scenario('wanted-without-nonce', 'A nonce is asked for and none is given.', 'DPOP-8-06', {
    calls: [fetched({ responses: [nonceWanted()] })],
    assertions: [count(1), { kind: 'outcome', call: 0, is: 'response', status: 401 }],
  }),
  scenario('wanted-again-and-again', 'Every answer asks for another nonce.', 'DPOP-8-06', {
    calls: [
      fetched({
        responses: ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'].map((nonce) =>
          nonceWanted(nonce),
        ),
      }),
    ],
    assertions: [
      { kind: 'request-count', atMost: 3 },
      { kind: 'outcome', call: 0, is: 'response', status: 401 },
    ],
  }),
  scenario(
    'wanted-by-the-as',
    'The token endpoint asks for a nonce.',
    'DPOP-8-06 SEP1932-C-01 FAPI-5.3.3.1-01',
    {
      token: null,
      calls: [
        tokenRequest(
          {
            status: 400,
            fields: [
              ['Content-Type', 'application/json'],
              ['DPoP-Nonce', 'as1'],
            ],
            body: JSON.stringify({ error: 'use_dpop_nonce' }),
          },
          tokenAnswer('DPoP'),
        ),
      ],
      assertions: [
        count(2),
        equals(1, 'proof.payload.nonce', 'as1'),
        { kind: 'distinct', path: 'proof.payload.jti' },
        { kind: 'outcome', call: 0, is: 'response' },
      ],
    },
  ),
]);

const signerNonces: FileDraft = {
  file: 'signer-nonces',
  title: 'The nonces of a client',
  groups: [nonces],
};

export default signerNonces;
