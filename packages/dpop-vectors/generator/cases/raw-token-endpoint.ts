import type { Expect, RawTest } from '../../src/format.ts';
import { asConfig, basic } from '../deployment.ts';
import { type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof, request } from '../messages.ts';
import { rawMessage, rawRequest } from '../raw.ts';

const FORM = 'Content-Type: application/x-www-form-urlencoded';
const GRANT = 'grant_type=client_credentials';

/** A token request of the service `machine`, with these lines in the place of its proof. */
function tokenRequest(
  proofLines: readonly string[],
  { target = '/token', host = 'as.example' }: { target?: string; host?: string } = {},
): string {
  return rawMessage(
    [
      `POST ${target} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${basic('machine')}`,
      FORM,
      `Content-Length: ${GRANT.length}`,
      ...proofLines,
      'Connection: close',
    ],
    GRANT,
  );
}

const AS_PROOF = asProof();
const AS_BAD_PROOF: Expect = {
  status: [400],
  errors: ['invalid_dpop_proof'],
  fieldsPresent: ['Cache-Control'],
};

const tokenEndpoint = group(
  'RawHttp',
  'token-endpoint',
  'The DPoP field of a token request.',
  asConfig(),
  [
    valid<RawTest>('ordinary', 'A token request with a proof.', 'DPOP-5-03 OAUTH-5.1-01', {
      raw: tokenRequest([`DPoP: ${AS_PROOF}`]),
      expect: {
        ...OK,
        body: { token_type: 'DPoP' },
        claims: { cnf: { jkt: KEYS.ec1.jkt } },
        fieldsPresent: ['Cache-Control'],
      },
    }),
    ...(
      [
        ['missing', 'No field, though the client must have bound tokens.', [], 'DPOP-5.2-01'],
        ['empty', 'An empty field.', ['DPoP:'], 'DPOP-4.1-P1 DPOP-5-02'],
        [
          'twice',
          'The same proof in two fields.',
          [`DPoP: ${AS_PROOF}`, `DPoP: ${AS_PROOF}`],
          'DPOP-4.3-01',
        ],
        [
          'empty-then-good',
          'An empty field before the good one.',
          ['DPoP:', `DPoP: ${AS_PROOF}`],
          'DPOP-4.3-01',
        ],
        ['comma', 'Two proofs in one field.', [`DPoP: ${AS_PROOF}, ${AS_PROOF}`], 'DPOP-4.3-02'],
        [
          'inner-blank',
          'A blank within the signature.',
          [`DPoP: ${AS_PROOF.slice(0, -9)} ${AS_PROOF.slice(-9)}`],
          'DPOP-4.1-02',
        ],
        [
          'forwarded-host',
          'X-Forwarded-Host names another server, and so does the proof.',
          [
            `DPoP: ${asProof({ claims: { htu: `https://evil.example/token` } })}`,
            'X-Forwarded-Host: evil.example',
          ],
          'URI-08',
        ],
      ] as const
    ).map(([id, comment, given, requirements]) =>
      invalid<RawTest>(id, comment, requirements, {
        raw: tokenRequest(given),
        expect: AS_BAD_PROOF,
      }),
    ),
    invalid<RawTest>('host', 'Host names another server, and so does the proof.', 'URI-08', {
      raw: tokenRequest([`DPoP: ${asProof({ claims: { htu: 'https://evil.example/token' } })}`], {
        host: 'evil.example',
      }),
      expect: AS_BAD_PROOF,
    }),
    invalid<RawTest>('get', 'A token request by GET.', 'OAUTH-3.2-01', {
      raw: rawRequest(
        request({
          target: `/token?${GRANT}`,
          authorization: basic('machine'),
          proofs: [asProof({ claims: { htm: 'GET' } })],
        }),
        { host: 'as.example' },
      ),
      expect: { status: [405, 404, 400] },
    }),
    invalid<RawTest>('json', 'A token request in JSON.', 'OAUTH-3.2-01', {
      raw: rawRequest(
        {
          method: 'POST',
          target: '/token',
          fields: [
            ['Authorization', basic('machine')],
            ['DPoP', AS_PROOF],
            ['Content-Type', 'application/json'],
          ],
          body: JSON.stringify({ grant_type: 'client_credentials' }),
        },
        { host: 'as.example' },
      ),
      expect: { status: [400, 415] },
    }),
  ],
);

const rawTokenEndpoint: FileDraft = {
  file: 'raw-token-endpoint',
  title: 'Token requests on the wire',
  groups: [tokenEndpoint],
};

export default rawTokenEndpoint;
