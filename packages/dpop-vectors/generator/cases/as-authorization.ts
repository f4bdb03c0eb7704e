import type { AsRequestVector, Expect, FieldLine, SequenceTest } from '../../src/format.ts';
import {
  AUTHORIZATION_REQUEST,
  boundTo,
  type Form,
  OTHER_KEY,
  PROOF_WANTED,
  present,
  push,
  redemption,
  VERIFIER,
} from '../as-cases.ts';
import { acceptedOf, firstOf, proofOf, refusedOf } from '../as-steps.ts';
import { asConfig, CLOCK, REDIRECT_URI } from '../deployment.ts';
import { type FileDraft, group, invalid, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof, asRequest } from '../messages.ts';

/** A request that comes with the browser of a user who consents. */
function asked(form: Form): AsRequestVector {
  return { ...asRequest('authorization', present(form)), userConsents: true };
}

function plain(form: Form = {}): AsRequestVector {
  return asked({ ...AUTHORIZATION_REQUEST, ...form });
}

/** The browser brings the name of the request that the first step pushed. */
function pushedBefore(form: Form = {}): AsRequestVector {
  return asked({ client_id: 'app', request_uri: '{{0.request_uri}}', ...form });
}

function repeated(request: AsRequestVector, line: FieldLine): AsRequestVector {
  return { ...request, form: [...request.form, line] };
}

/** The code that a step brought. */
function codeOf(step: number): { code: string } {
  return { code: `{{${step}.code}}` };
}

const CODE: Expect = { status: [302, 303], fieldsPresent: ['Location'] };
const OWNER = { expect: boundTo(KEYS.ec1) };
const THIEF = { key: KEYS.ec2 };
const BEARER_APP = { client_id: 'app-bearer' };
const { jkt } = KEYS.ec1;
const PUSH_PROOF = asProof({ claims: { jti: 'jti-push' } }, 'pushed_authorization_request');

const withJkt = firstOf('the user consents', plain({ dpop_jkt: jkt }), { expect: CODE });
const pushed = firstOf('pushed', push({ dpop: [PUSH_PROOF] }));
const consented = firstOf('the user consents', pushedBefore(), { expect: CODE });

const keys = group(
  'Sequence',
  'keys',
  'From the authorization request to the token, with one key or with two.',
  asConfig(),
  [
    valid<SequenceTest>('plain', 'No key is named before the token request.', 'DPOP-5-03', {
      steps: [
        firstOf('the user consents', plain(), { expect: CODE }),
        acceptedOf('the code', redemption({ dpop: proofOf('jti-1'), form: codeOf(0) }), OWNER),
      ],
    }),
    valid<SequenceTest>('jkt', 'dpop_jkt names the key.', 'DPOP-10-01', {
      steps: [
        withJkt,
        acceptedOf('the code', redemption({ dpop: proofOf('jti-1'), form: codeOf(0) }), OWNER),
      ],
    }),
    invalid<SequenceTest>('jkt-other-key', 'dpop_jkt names another key.', 'DPOP-10-01', {
      steps: [
        withJkt,
        refusedOf(
          'the code',
          redemption({ dpop: proofOf('jti-1', THIEF), form: codeOf(0) }),
          OTHER_KEY,
        ),
      ],
    }),
    invalid<SequenceTest>(
      'jkt-no-proof',
      'dpop_jkt names a key, and no proof comes.',
      'DPOP-10-P1',
      {
        steps: [
          firstOf('the user consents', plain({ ...BEARER_APP, dpop_jkt: jkt }), { expect: CODE }),
          refusedOf(
            'the code',
            redemption({ form: { ...BEARER_APP, ...codeOf(0) } }),
            PROOF_WANTED,
          ),
        ],
      },
    ),
    valid<SequenceTest>('pushed', 'The pushed request has a proof.', 'DPOP-10.1-02 PAR-2.2-01', {
      steps: [
        pushed,
        consented,
        acceptedOf('the code', redemption({ dpop: proofOf('jti-1'), form: codeOf(1) }), OWNER),
      ],
    }),
    invalid<SequenceTest>(
      'pushed-other-key',
      'The pushed request has a proof of another key.',
      'DPOP-10.1-02 DPOP-10-01',
      {
        steps: [
          pushed,
          consented,
          refusedOf(
            'the code',
            redemption({ dpop: proofOf('jti-1', THIEF), form: codeOf(1) }),
            OTHER_KEY,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'pushed-no-proof',
      'The pushed request has a proof, the token request none.',
      'DPOP-10-P1 DPOP-10.1-02',
      {
        steps: [
          firstOf('pushed', push({ dpop: [PUSH_PROOF], form: BEARER_APP })),
          firstOf('the user consents', pushedBefore(BEARER_APP), { expect: CODE }),
          refusedOf(
            'the code',
            redemption({ form: { ...BEARER_APP, ...codeOf(1) } }),
            PROOF_WANTED,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'pushed-jkt-other-key',
      'The pushed request has a dpop_jkt of another key.',
      'DPOP-10-01 DPOP-10.1-03',
      {
        steps: [
          firstOf('pushed', push({ form: { dpop_jkt: jkt } })),
          consented,
          refusedOf(
            'the code',
            redemption({ dpop: proofOf('jti-1', THIEF), form: codeOf(1) }),
            OTHER_KEY,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'override-by-browser',
      'The browser brings a dpop_jkt of its own beside the pushed request.',
      'PAR-4-01 DPOP-10.1-02',
      {
        steps: [
          pushed,
          firstOf('the user consents', pushedBefore({ dpop_jkt: KEYS.ec2.jkt }), { expect: CODE }),
          refusedOf(
            'the thief',
            redemption({ dpop: proofOf('jti-1', THIEF), form: codeOf(1) }),
            OTHER_KEY,
          ),
          acceptedOf('the owner', redemption({ dpop: proofOf('jti-2'), form: codeOf(1) }), OWNER),
        ],
      },
      {
        reason:
          'What stands beside request_uri is ignored; a server that refuses the request instead cannot be tested so.',
      },
    ),
  ],
);

/** A page and no redirect: the address is not known to be the client's. */
const PAGE: Expect = { status: [400, 401, 403], fieldsAbsent: ['Location'] };

/** An error that is taken to the client. */
function toClient(...errors: readonly string[]): Expect {
  return { status: [302, 303], errors, fieldsPresent: ['Location'] };
}

const once = group(
  'Sequence',
  'pushed',
  'What the name of a pushed request is good for.',
  asConfig(),
  [
    invalid<SequenceTest>(
      'used-twice',
      'The same name in a second browser.',
      'PAR-2.2-01',
      {
        steps: [
          firstOf('pushed', push({})),
          consented,
          refusedOf('again', pushedBefore(), {}, { result: 'acceptable', policy: 'reject' }),
        ],
      },
      {
        reason:
          'RFC 9126 §4 recommends to take a name once, and allows more because people reload pages.',
      },
    ),
    ...(
      [
        ['other-client', 'Another client uses the name.', pushedBefore(BEARER_APP), {}],
        [
          'unknown',
          'A name that nobody was given.',
          asked({ client_id: 'app', request_uri: 'urn:ietf:params:oauth:request_uri:of-nobody' }),
          {},
        ],
        ['old', 'The name after an hour.', pushedBefore(), { clock: CLOCK + 3600 }],
      ] as const
    ).map(([id, comment, request, changes]) =>
      invalid<SequenceTest>(id, comment, 'PAR-2.2-01', {
        steps: [firstOf('pushed', push({})), refusedOf('used', request, {}, changes)],
      }),
    ),
  ],
);

const refused = group(
  'Sequence',
  'refused',
  'Requests that come with the browser and get no code.',
  asConfig(),
  [
    valid<SequenceTest>('good', 'A good one does.', 'OA21-4.1-01 BCP-2.1-01', {
      steps: [acceptedOf('the user consents', plain(), { expect: CODE })],
    }),
    ...(
      [
        [
          'redirect-uri-slash',
          'A slash behind the redirect URI.',
          'BCP-2.1-01 BCP-2.1-02',
          { redirect_uri: `${REDIRECT_URI}/` },
          PAGE,
        ],
        [
          'redirect-uri-case',
          'A capital letter in the redirect URI.',
          'BCP-2.1-01 BCP-2.1-02',
          { redirect_uri: 'https://app.example/Callback' },
          PAGE,
        ],
        [
          'redirect-uri-query',
          'A query behind the redirect URI.',
          'BCP-2.1-01 BCP-2.1-02',
          { redirect_uri: `${REDIRECT_URI}?x=1` },
          PAGE,
        ],
        [
          'redirect-uri-userinfo',
          'The right host as the user of another one.',
          'BCP-2.1-01 BCP-2.1-02',
          { redirect_uri: 'https://app.example@evil.example/callback' },
          PAGE,
        ],
        [
          'client-unknown',
          'A client that is not registered.',
          'BCP-2.1-02',
          { client_id: 'nobody' },
          PAGE,
        ],
        [
          'no-challenge',
          'No code challenge.',
          'OA21-4.1-01',
          { code_challenge: undefined, code_challenge_method: undefined },
          toClient('invalid_request'),
        ],
        [
          'plain-challenge',
          'The verifier itself as the challenge.',
          'PKCE-4.2-01',
          { code_challenge: VERIFIER, code_challenge_method: 'plain' },
          toClient('invalid_request'),
        ],
        [
          'implicit',
          'The implicit grant.',
          'OA21-GRANTS-01',
          { response_type: 'token' },
          toClient('unsupported_response_type', 'unauthorized_client', 'invalid_request'),
        ],
        [
          'resource-unknown',
          'A resource that this server issues no tokens for.',
          'RI-2-02',
          { resource: 'https://other.example' },
          toClient('invalid_target'),
        ],
      ] satisfies readonly (readonly [string, string, string, Form, Expect])[]
    ).map(([id, comment, requirements, form, expect]) =>
      invalid<SequenceTest>(id, comment, requirements, {
        steps: [refusedOf('refused', plain(form), expect)],
      }),
    ),
    invalid<SequenceTest>('jkt-twice', 'The same dpop_jkt twice.', 'OAUTH-3.1-01 DPOP-10-P2', {
      steps: [
        refusedOf('refused', repeated(plain({ dpop_jkt: jkt }), ['dpop_jkt', jkt]), {
          status: [400, 302, 303],
          errors: ['invalid_request'],
        }),
      ],
    }),
    invalid<SequenceTest>(
      'acr-out-of-reach',
      'A way to sign in that does not exist.',
      'STEPUP-5-01',
      {
        steps: [
          refusedOf(
            'refused',
            plain({ acr_values: 'urn:example:by-handshake' }),
            toClient('unmet_authentication_requirements', 'invalid_request'),
            { result: 'acceptable', policy: 'reject' },
          ),
        ],
      },
      { reason: 'RFC 9470 §5 recommends to fail at once; acr_values is otherwise a mere wish.' },
    ),
    invalid<SequenceTest>(
      'jkt-malformed',
      'A dpop_jkt with padding.',
      'DPOP-10-P2',
      {
        steps: [
          refusedOf('refused', plain({ dpop_jkt: `${jkt}=` }), toClient('invalid_request'), {
            result: 'acceptable',
            policy: 'reject',
          }),
        ],
      },
      {
        reason:
          'RFC 9449 does not say how a server treats a dpop_jkt that is no thumbprint; it can never match.',
      },
    ),
  ],
);

const asAuthorization: FileDraft = {
  file: 'as-authorization',
  title: 'Keys from the authorization request to the token',
  groups: [keys, once, refused],
};

export default asAuthorization;
