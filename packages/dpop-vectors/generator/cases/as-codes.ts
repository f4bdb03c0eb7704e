import type { AsTest } from '../../src/format.ts';
import {
  AS_BAD_PROOF,
  AS_BAD_REQUEST,
  BAD_CLIENT,
  BAD_GRANT,
  BEARER_TOKEN,
  boundTo,
  CHALLENGE,
  OTHER_KEY,
  PROOF_WANTED,
  redemption,
  refusals,
  withCode,
} from '../as-cases.ts';
import { asConfig, ISSUER, REDIRECT_URI } from '../deployment.ts';
import { acceptable, asRefused, type FileDraft, group, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof } from '../messages.ts';

const PROOF = asProof();
const OTHER_PROOF = asProof({ key: KEYS.ec2 });
const BAD_SIGNATURE = asProof({ header: { jwk: KEYS.ec2.jwk } });
const BEARER_APP = { client_id: 'app-bearer' };
const TWO_CODES = redemption({ dpop: [PROOF] });

/** A good request of each kind, and what a client may leave out. */
const goodCodes = [
  valid<AsTest>(
    'code',
    'A public client redeems a code with a proof.',
    'DPOP-5-03 DPOP-6.1-01 OAUTH-5.1-01 ATJWT-2.2-01',
    {
      state: withCode(),
      request: redemption({ dpop: [PROOF] }),
      expect: boundTo(KEYS.ec1, { iss: ISSUER, client_id: 'app' }),
    },
  ),
  valid<AsTest>('code-of-confidential', 'A confidential client does.', 'DPOP-5-03 DPOP-6.1-01', {
    state: withCode({ client: 'web' }),
    request: redemption({ dpop: [PROOF], as: 'web' }),
    expect: boundTo(KEYS.ec1, { client_id: 'web' }),
  }),
  valid<AsTest>('bound-code', 'The code belongs to the key of the proof.', 'DPOP-10-01', {
    state: withCode({ dpopJkt: KEYS.ec1.jkt }),
    request: redemption({ dpop: [PROOF] }),
    expect: boundTo(KEYS.ec1),
  }),
  valid<AsTest>(
    'bound-code-of-bearer-app',
    'So does the code of a client that may otherwise do without proofs.',
    'DPOP-10-01',
    {
      state: withCode({ client: 'app-bearer', dpopJkt: KEYS.ec1.jkt }),
      request: redemption({ dpop: [PROOF], form: BEARER_APP }),
      expect: boundTo(KEYS.ec1),
    },
  ),
  acceptable<AsTest>(
    'accept',
    'code-without-proof',
    'A client that may do without sends no proof.',
    'DPOP-5-08 OAUTH-5.1-01',
    {
      state: withCode({ client: 'app-bearer' }),
      request: redemption({ form: BEARER_APP }),
      expect: BEARER_TOKEN,
    },
    { reason: 'RFC 9449 leaves it to the server whether it still issues bearer tokens.' },
  ),
];

const codes = group('AsToken', 'codes', 'Codes are redeemed.', asConfig(), [
  ...goodCodes,
  ...refusals(
    [
      [
        'without-proof',
        'No proof, though the client must have bound tokens.',
        'DPOP-5.2-01',
        redemption({}),
        AS_BAD_PROOF,
      ],
      [
        'bad-signature',
        'The proof embeds a key that has not signed it.',
        'DPOP-5-02',
        redemption({ dpop: [BAD_SIGNATURE] }),
        AS_BAD_PROOF,
      ],
      [
        'verifier-other',
        'Another code verifier.',
        'PKCE-4.6-01',
        redemption({
          dpop: [PROOF],
          form: { code_verifier: 'another-verifier-of-the-vectors-0123456789._~' },
        }),
        BAD_GRANT,
      ],
      [
        'verifier-missing',
        'No code verifier.',
        'PKCE-DG-01',
        redemption({ dpop: [PROOF], form: { code_verifier: undefined } }),
        asRefused('invalid_grant', 'invalid_request'),
      ],
      [
        'verifier-is-challenge',
        'The code challenge in the place of the verifier.',
        'PKCE-4.2-01 PKCE-4.6-01',
        redemption({ dpop: [PROOF], form: { code_verifier: CHALLENGE } }),
        BAD_GRANT,
      ],
      [
        'redirect-uri-other',
        'Another redirect URI than that of the code.',
        'OA21-10.2-01 OAUTH-4.1.2-01',
        redemption({ dpop: [PROOF], form: { redirect_uri: `${REDIRECT_URI}/` } }),
        BAD_GRANT,
      ],
      [
        'client-other',
        'The code of another client.',
        'OAUTH-4.1.2-01',
        redemption({ dpop: [PROOF], form: BEARER_APP }),
        BAD_GRANT,
      ],
      [
        'code-unknown',
        'A code that nobody was given.',
        'OAUTH-5.2-01',
        redemption({ dpop: [PROOF], form: { code: 'a-code-of-nobody' } }),
        BAD_GRANT,
      ],
      [
        'code-missing',
        'No code.',
        'OAUTH-5.2-01',
        redemption({ dpop: [PROOF], form: { code: undefined } }),
        AS_BAD_REQUEST,
      ],
      [
        'code-in-two',
        'The code stands in the form twice.',
        'OAUTH-3.1-01',
        { ...TWO_CODES, form: [...TWO_CODES.form, ['code', '{{code}}']] },
        AS_BAD_REQUEST,
      ],
      [
        'resource-other',
        'A resource that was not granted.',
        'RI-2-02',
        redemption({ dpop: [PROOF], form: { resource: 'https://other.example' } }),
        asRefused('invalid_target'),
      ],
      [
        'bound-code-other-key',
        'The code belongs to another key than the proof.',
        'DPOP-10-01',
        redemption({ dpop: [OTHER_PROOF] }),
        OTHER_KEY,
        withCode({ dpopJkt: KEYS.ec1.jkt }),
        'bound-code',
      ],
      [
        'bound-code-without-proof',
        'A code that belongs to a key, from a client that may otherwise do without.',
        'DPOP-10-P1',
        redemption({ form: BEARER_APP }),
        PROOF_WANTED,
        withCode({ client: 'app-bearer', dpopJkt: KEYS.ec1.jkt }),
        'bound-code-of-bearer-app',
      ],
      [
        'bound-code-other-verifier',
        'The key of the code, and another verifier.',
        'PKCE-4.6-01',
        redemption({
          dpop: [PROOF],
          form: { code_verifier: 'another-verifier-of-the-vectors-0123456789._~' },
        }),
        BAD_GRANT,
        withCode({ dpopJkt: KEYS.ec1.jkt }),
        'bound-code',
      ],
      [
        'confidential-without-secret',
        'A confidential client shows a proof and no secret.',
        'DPOP-11.11-01',
        redemption({ dpop: [PROOF], form: { client_id: 'web' } }),
        BAD_CLIENT,
        withCode({ client: 'web' }),
        'code-of-confidential',
      ],
    ],
    withCode(),
  ),
]);

const asCodes: FileDraft = {
  file: 'as-codes',
  title: 'Codes and the keys they belong to',
  groups: [codes],
};

export default asCodes;
