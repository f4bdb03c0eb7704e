import type { RequestTest } from '../../src/format.ts';
import { ALGORITHMS, CLOCK, ORIGIN, rsConfig } from '../deployment.ts';
import { BAD_PROOF, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request, withProof } from '../messages.ts';
import { RFC9449 } from '../rfc-examples.ts';

/** The request of RFC 9449 §7.1. */
function printed(proofText: string = RFC9449.resourceProof): RequestTest['request'] {
  return request({
    target: '/protectedresource',
    authorization: `DPoP ${RFC9449.token}`,
    proofs: [proofText],
  });
}

const LONG = 'path/'.repeat(200).slice(0, 999);

/** What every resource server accepts, so that refusing everything cannot pass for security. */
const rsBaselines: FileDraft = {
  file: 'rs-baselines',
  title: 'Good requests to a protected resource',
  groups: [
    group(
      'RsVerify',
      'rfc9449',
      'The example of RFC 9449 §7.1, at its time.',
      rsConfig({
        clock: 1_562_262_618,
        origin: 'https://resource.example.org',
        audience: 'https://resource.example.org',
        issuer: 'https://server.example.com',
        introspection: {
          [RFC9449.token]: {
            active: true,
            iss: 'https://server.example.com',
            sub: 'someone@example.com',
            aud: 'https://resource.example.org',
            cnf: { jkt: RFC9449.thumbprint },
          },
        },
      }),
      [
        valid<RequestTest>(
          'figure-12',
          'Token and proof as they are printed.',
          'DPOP-4.3-06 DPOP-6.2-01',
          {
            request: printed(),
            expect: OK,
          },
        ),
        invalid<RequestTest>(
          'figure-12-a-minute-later',
          'The same, a minute and a second later.',
          'DPOP-4.3-11 DPOP-11.1-01',
          { request: printed(), override: { clock: 1_562_262_679 }, expect: BAD_PROOF },
        ),
        invalid<RequestTest>(
          'figure-2',
          'The proof that is printed for the token endpoint.',
          'DPOP-4.3-08 DPOP-4.3-09',
          { request: printed(RFC9449.tokenProof), expect: BAD_PROOF },
        ),
      ],
    ),
    group('RsVerify', 'algorithms', 'One good request for each algorithm.', rsConfig(), [
      valid<RequestTest>('es256', 'A bound token with a proof by its P-256 key.', 'DPOP-4.3-06', {
        request: request(),
        expect: OK,
      }),
      ...[KEYS.ec384, KEYS.ec521, KEYS.rsa2048, KEYS.rsa4096, KEYS.ed1].map((key) =>
        valid<RequestTest>(key.name, `A good proof by ${key.name}, ${key.alg}.`, 'DPOP-4.3-05', {
          request: withProof({ key }),
          expect: OK,
        }),
      ),
      valid<RequestTest>('eddsa', 'The older name of Ed25519.', 'JOSE-8037-01 JOSE-9864-01', {
        request: withProof({ key: KEYS.ed1, alg: 'EdDSA' }),
        expect: OK,
      }),
      valid<RequestTest>('rs256', 'RS256 where the configuration has it.', 'DPOP-4.3-05', {
        request: withProof({ key: KEYS.rsa2048, alg: 'RS256' }),
        override: { proofAlgorithms: [...ALGORITHMS, 'RS256'] },
        expect: OK,
      }),
      invalid<RequestTest>(
        'sig-other-key',
        'The proof embeds the bound key and is signed by another.',
        'DPOP-4.3-06',
        {
          request: request({ proofs: [proof({ sign: (input) => KEYS.ec2.sign(input, 'ES256') })] }),
          expect: BAD_PROOF,
        },
      ),
    ]),
    group('RsVerify', 'requests', 'Good requests of many kinds.', rsConfig(), [
      valid<RequestTest>('plain', 'Authorization and DPoP alone.', 'DPOP-4.3-06 DPOP-7.1-02', {
        request: request(),
        expect: OK,
      }),
      valid<RequestTest>('proof-first', 'The proof stands before the token.', 'DPOP-4.3-01', {
        request: {
          method: 'GET',
          target: '/r',
          fields: [
            ['DPoP', proof()],
            ['Authorization', `DPoP ${accessToken()}`],
          ],
        },
        expect: OK,
      }),
      valid<RequestTest>(
        'further-fields',
        'Fields of a browser beside them, some of them more than once.',
        'DPOP-4.3-01',
        {
          request: request({
            further: [
              ['Accept', 'application/json'],
              ['Accept', 'text/*;q=0.5'],
              ['Accept-Language', 'de, en;q=0.9'],
              ['Cookie', 'session=abc; DPoP=1; access_token=x'],
              ['Origin', 'https://app.example'],
              ['DPoP-Nonce', 'not-for-servers'],
              ['X-DPoP', 'x'],
            ],
          }),
          expect: OK,
        },
      ),
      valid<RequestTest>('body', 'A POST with a body, which no proof covers.', 'DPOP-4.3-08', {
        request: request({
          method: 'POST',
          proofs: [proof({ claims: { htm: 'POST' } })],
          further: [['Content-Type', 'application/json']],
          body: '{"text":"a note"}',
        }),
        expect: OK,
      }),
      valid<RequestTest>('root', 'The path is / alone.', 'DPOP-4.3-09', {
        request: request({ target: '/', proofs: [proof({ claims: { htu: `${ORIGIN}/` } })] }),
        expect: OK,
      }),
      valid<RequestTest>('long-path', 'A path of a thousand characters.', 'DPOP-4.3-09', {
        request: request({
          target: `/${LONG}`,
          proofs: [proof({ claims: { htu: `${ORIGIN}/${LONG}` } })],
        }),
        expect: OK,
      }),
      valid<RequestTest>(
        'everything',
        'A proof with all optional members at once, registered ones and others.',
        'DPOP-4.2-09 JOSE-7517-4-01',
        {
          request: request({
            proofs: [
              proof({
                header: {
                  kid: 'mine',
                  jwk: {
                    ...KEYS.ec1.jwk,
                    kid: 'mine',
                    use: 'sig',
                    key_ops: ['verify'],
                    alg: 'ES256',
                    ext: true,
                  },
                },
                claims: {
                  iss: 'app',
                  sub: 'app',
                  nbf: CLOCK - 1,
                  exp: CLOCK + 60,
                  'https://app.example/claim': { a: ['\u00e9', null, 1.5] },
                },
              }),
            ],
          }),
          expect: OK,
        },
      ),
    ]),
  ],
};

export default rsBaselines;
