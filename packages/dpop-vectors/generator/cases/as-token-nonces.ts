import type { AsConfig, AsTest } from '../../src/format.ts';
import { acceptedProof, contentOf, type ProofRow, refusedProof } from '../as-proof-cases.ts';
import { asConfig, CLOCK } from '../deployment.ts';
import { AS_NONCE_WANTED, asRefused, type FileDraft, group, invalid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';

const NONCES = { current: 'as-n2', accepted: ['as-n2', 'as-n1'] };

const nonces = group(
  'AsToken',
  'nonces',
  'A service asks for a token where every proof needs a nonce.',
  asConfig({ nonce: NONCES }),
  [
    acceptedProof(['nonce', 'The current nonce.', 'DPOP-4.3-10', { claims: { nonce: 'as-n2' } }]),
    acceptedProof([
      'nonce-previous',
      'The nonce before it.',
      'DPOP-8-05',
      { claims: { nonce: 'as-n1' } },
    ]),
    ...(
      [
        ['nonce-missing', 'No nonce.', 'DPOP-8-01 DPOP-11.3-01', {}],
        [
          'nonce-unknown',
          'A nonce that the server did not make.',
          'DPOP-8-04 DPOP-8-02',
          { claims: { nonce: 'guessed' } },
        ],
        [
          'nonce-longer',
          'The current nonce and a character more.',
          'DPOP-8-02',
          { claims: { nonce: 'as-n2x' } },
        ],
        ['nonce-empty', 'An empty nonce.', 'DPOP-8.1-01 DPOP-8-04', { claims: { nonce: '' } }],
      ] satisfies readonly ProofRow[]
    ).map(([id, comment, requirements, sent]) => {
      const errors =
        id === 'nonce-empty' ? ['use_dpop_nonce', 'invalid_dpop_proof'] : ['use_dpop_nonce'];
      const expect = { ...AS_NONCE_WANTED, errors };
      return invalid<AsTest>(id, comment, requirements, { ...contentOf(sent), expect });
    }),
    ...(
      [
        [
          'nonce-and-bad-signature',
          'The current nonce in a proof with a bad signature.',
          'DPOP-4.3-06',
          { claims: { nonce: 'as-n2' }, header: { jwk: KEYS.ec2.jwk } },
        ],
        [
          'nonce-and-stale',
          'The current nonce in a proof that is too old.',
          'DPOP-4.3-11',
          { claims: { nonce: 'as-n2', iat: CLOCK - 61 } },
        ],
      ] satisfies readonly ProofRow[]
    ).map(refusedProof),
    invalid<AsTest>(
      'nonce-wrong-and-bad-signature',
      'A wrong nonce in a proof with a bad signature.',
      'DPOP-4.3-06 DPOP-8-04',
      {
        ...contentOf({ claims: { nonce: 'guessed' }, header: { jwk: KEYS.ec2.jwk } }),
        expect: asRefused('invalid_dpop_proof', 'use_dpop_nonce'),
      },
      { reason: 'The RFC gives no order of the checks.' },
    ),
    invalid<AsTest>('no-proof', 'No proof at all.', 'DPOP-5.2-01', {
      ...contentOf([]),
      expect: asRefused('invalid_dpop_proof', 'use_dpop_nonce'),
    }),
  ],
);

const MCP: Partial<AsConfig> = {
  preset: 'mcp',
  maxAgeSeconds: 300,
  maxFutureSeconds: 300,
};

const mcp = group('AsToken', 'mcp', 'The window of SEP-1932.', asConfig(MCP), [
  ...(
    [
      [
        'mcp-oldest',
        'Five minutes old.',
        'DPOP-4.3-11 SEP1932-AS-01',
        { claims: { iat: CLOCK - 300 } },
      ],
      [
        'mcp-newest',
        'Five minutes ahead.',
        'DPOP-4.3-11 SEP1932-AS-01',
        { claims: { iat: CLOCK + 300 } },
      ],
    ] satisfies readonly ProofRow[]
  ).map(acceptedProof),
  ...(
    [
      [
        'mcp-stale',
        'A second more than five minutes old.',
        'DPOP-4.3-11',
        { claims: { iat: CLOCK - 301 } },
      ],
      [
        'mcp-ahead',
        'A second more than five minutes ahead.',
        'DPOP-4.3-11',
        { claims: { iat: CLOCK + 301 } },
      ],
      ['mcp-missing', 'No proof.', 'SEP1932-AS-01 DPOP-5.2-01', []],
    ] satisfies readonly ProofRow[]
  ).map(refusedProof),
]);

const asTokenNonces: FileDraft = {
  file: 'as-token-nonces',
  title: 'Nonces and the window of MCP at the token endpoint',
  groups: [nonces, mcp],
};

export default asTokenNonces;
