import type { Expect, RequestTest, RequestVector } from '../../src/format.ts';
import { KEY_DIFFERS, NOT_UNDERSTOOD, tokenConfirmedBy } from '../confirmations.ts';
import { rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_TOKEN,
  type Draft,
  type FileDraft,
  group,
  invalid,
  OK,
  refused,
  valid,
} from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request, withToken } from '../messages.ts';

const { ec1 } = KEYS;
const { jkt } = ec1;

const BOUND = accessToken();
const UNBOUND = accessToken({ boundTo: null });

const NO_PROOF: Expect = refused('invalid_dpop_proof', 'invalid_token');
/** A scheme that the resource does not offer may pass for no credentials at all. */
const NOT_OFFERED: Expect = { status: [401], fieldsPresent: ['WWW-Authenticate'] };

const ALIEN =
  'RFC 7800 lets readers pass over what they do not know; a bound token would then be good for anybody.';

/** Every request under Bearer but this differs from it in its token or in a proof beside it. */
const bearerBase = { base: 'unbound-bearer' };

/** The token under Bearer without a proof, where a reader that passes `cnf` over lets it in. */
function underBearer(id: string, comment: string, cnf: unknown): Draft<RequestTest> {
  return acceptable(
    'reject',
    `bearer-${id}`,
    `Under Bearer: ${comment}`,
    'DPOP-6.1-P1 DPOP-6-01',
    { request: withToken(tokenConfirmedBy(cnf), 'Bearer'), expect: BAD_TOKEN },
    { reason: ALIEN, ...bearerBase, flags: ['Downgrade'] },
  );
}

/** The token under the scheme, next to a proof that is good in itself. */
function besideProof(scheme: string, token: string): RequestVector {
  return request({ authorization: `${scheme} ${token}`, proofs: [proof({ token })] });
}

const rsSchemes: FileDraft = {
  file: 'rs-schemes',
  title: 'Under which scheme a token may come',
  groups: [
    group(
      'RsVerify',
      'schemes',
      'Bound or not, under DPoP or Bearer, with a proof or without, at a resource that takes both.',
      rsConfig({ schemes: ['DPoP', 'Bearer'] }),
      [
        valid<RequestTest>('bound-dpop', 'Bound, DPoP, proof.', 'DPOP-6-01', {
          request: request(),
          expect: OK,
        }),
        invalid<RequestTest>(
          'bound-dpop-no-proof',
          'Bound, DPoP, no proof.',
          'DPOP-7.1-02 DPOP-6-01 SEP1932-RS-01',
          { request: request({ proofs: null }), expect: NO_PROOF },
        ),
        ...(
          [
            ['bound-bearer', 'Bound, Bearer, no proof.', withToken(BOUND, 'Bearer')],
            ['bound-bearer-proof', 'Bound, Bearer, good proof.', besideProof('Bearer', BOUND)],
            [
              'bound-bearer-small',
              'Bound, bearer in small letters, no proof.',
              withToken(BOUND, 'bearer'),
            ],
            [
              'bound-padded-bearer',
              'Bound by a thumbprint with padding, Bearer, no proof.',
              withToken(tokenConfirmedBy({ jkt: `${jkt}=` }), 'Bearer'),
            ],
            [
              'bound-further-bearer',
              'Bound by a cnf with a further member, Bearer, no proof.',
              withToken(tokenConfirmedBy({ jkt, foo: 'bar' }), 'Bearer'),
            ],
          ] as const
        ).map(([id, comment, vector]) =>
          invalid<RequestTest>(
            id,
            comment,
            'DPOP-7.2-01 DPOP-6-01',
            { request: vector, expect: BAD_TOKEN },
            { ...bearerBase, flags: ['Downgrade'] },
          ),
        ),
        valid<RequestTest>(
          'unbound-bearer',
          'Not bound, Bearer, no proof.',
          'DPOP-6-01',
          {
            request: withToken(UNBOUND, 'Bearer'),
            expect: OK,
          },
          { base: null },
        ),
        ...(
          [
            ['unbound-bearer-proof', 'a good proof', besideProof('Bearer', UNBOUND)],
            [
              'unbound-bearer-bad-proof',
              'a proof for another method',
              request({
                authorization: `Bearer ${UNBOUND}`,
                proofs: [proof({ token: UNBOUND, claims: { htm: 'POST' } })],
              }),
            ],
          ] as const
        ).map(([id, what, vector]) =>
          acceptable<RequestTest>(
            'accept',
            id,
            `Not bound, Bearer, ${what} beside it.`,
            'DPOP-7.2-P2 DPOP-6-01',
            { request: vector, expect: OK },
            {
              ...bearerBase,
              reason: 'Nothing asks for the proof, and some clients attach one to everything.',
            },
          ),
        ),
        invalid<RequestTest>(
          'unbound-dpop',
          'Not bound, DPoP, proof.',
          'DPOP-7.2-P1 DPOP-4.3-13 DPOP-6-01',
          { request: withToken(UNBOUND), expect: KEY_DIFFERS },
        ),
        invalid<RequestTest>(
          'unbound-dpop-no-proof',
          'Not bound, DPoP, no proof.',
          'DPOP-7.1-02 DPOP-6-01',
          {
            request: request({ authorization: `DPoP ${UNBOUND}`, proofs: null }),
            expect: NO_PROOF,
          },
        ),
        ...NOT_UNDERSTOOD.map(([id, what, cnf]) => underBearer(id, `${what}.`, cnf)),
        underBearer('x5t-alone', 'cnf names a certificate that nobody shows.', {
          'x5t#S256': jkt,
        }),
        underBearer('cnf-jwk', 'cnf has the key itself.', { jwk: ec1.jwk }),
        acceptable<RequestTest>(
          'accept',
          'bearer-jkt-outside-cnf',
          'Under Bearer: the thumbprint is a claim of its own.',
          'DPOP-6-01',
          {
            request: withToken(accessToken({ boundTo: null, claims: { jkt } }), 'Bearer'),
            expect: OK,
          },
          { ...bearerBase, reason: 'Outside of cnf the name means nothing (RFC 9449 §6.1).' },
        ),
      ],
    ),
    group('RsVerify', 'dpop-only', 'A resource that takes DPoP alone.', rsConfig(), [
      valid<RequestTest>('only-dpop', 'Bound, DPoP, proof.', 'DPOP-6-01', {
        request: request(),
        expect: OK,
      }),
      ...(
        [
          ['only-dpop-bearer', 'Not bound, Bearer.', withToken(UNBOUND, 'Bearer')],
          ['only-dpop-bound-bearer', 'Bound, Bearer, good proof.', besideProof('Bearer', BOUND)],
        ] as const
      ).map(([id, comment, vector]) =>
        invalid<RequestTest>(
          id,
          comment,
          'DPOP-7.2-01 DPOP-7.1-04 DPOP-6-01',
          { request: vector, expect: NOT_OFFERED },
          { flags: ['Downgrade'] },
        ),
      ),
    ]),
    group(
      'RsVerify',
      'bearer-only',
      'A resource that takes Bearer alone.',
      rsConfig({ schemes: ['Bearer'] }),
      [
        valid<RequestTest>('only-bearer', 'Not bound, Bearer.', 'DPOP-6-01', {
          request: withToken(UNBOUND, 'Bearer'),
          expect: OK,
        }),
        invalid<RequestTest>('only-bearer-dpop', 'Not bound, DPoP.', 'BEARER-2.1-01 BEARER-3-01', {
          request: withToken(UNBOUND),
          expect: NOT_OFFERED,
        }),
        acceptable<RequestTest>(
          'reject',
          'only-bearer-bound',
          'Bound, Bearer.',
          'DPOP-7.2-01 DPOP-6-01',
          { request: withToken(BOUND, 'Bearer'), expect: BAD_TOKEN },
          {
            reason:
              'RFC 9449 §7.2 expects resources that know no DPoP to take it; one that knows should not.',
            flags: ['Downgrade'],
          },
        ),
      ],
    ),
  ],
};

export default rsSchemes;
