import type { AsTest } from '../../src/format.ts';
import {
  ANY_TOKEN,
  AS_BAD_PROOF,
  AS_BAD_REQUEST,
  BAD_CLIENT,
  BAD_GRANT,
  BEARER_TOKEN,
  boundTo,
  OTHER_KEY,
  PROOF_WANTED,
  refresh,
  refusals,
  withRefreshToken,
} from '../as-cases.ts';
import { asConfig } from '../deployment.ts';
import { acceptable, asRefused, type FileDraft, group, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof } from '../messages.ts';

const PROOF = asProof();
const OTHER_PROOF = asProof({ key: KEYS.ec2 });
const BEARER_APP = { client_id: 'app-bearer' };
const OF_BEARER_APP = withRefreshToken({ client: 'app-bearer' });
const NARROW = { scope: 'notes:read' };

const refreshTokens = group('AsToken', 'refresh-tokens', 'Refresh tokens are used.', asConfig(), [
  valid<AsTest>('refresh', 'A public client, with the key of the token.', 'DPOP-5-04', {
    state: withRefreshToken(),
    request: refresh({ dpop: [PROOF] }),
    expect: boundTo(KEYS.ec1, { client_id: 'app' }),
  }),
  valid<AsTest>(
    'refresh-of-bearer-app',
    'A public client that may do without proofs, with the key of the token.',
    'DPOP-5-04',
    {
      state: OF_BEARER_APP,
      request: refresh({ dpop: [PROOF], form: BEARER_APP }),
      expect: boundTo(KEYS.ec1),
    },
  ),
  valid<AsTest>(
    'confidential-new-key',
    'A confidential client, with another key than at first.',
    'DPOP-5-07',
    {
      state: withRefreshToken({ client: 'web' }),
      request: refresh({ dpop: [OTHER_PROOF], as: 'web' }),
      expect: boundTo(KEYS.ec2),
    },
  ),
  valid<AsTest>('less-scope', 'For less than was granted.', 'OAUTH-6-01', {
    state: withRefreshToken(),
    request: refresh({ dpop: [PROOF], form: NARROW }),
    expect: boundTo(KEYS.ec1),
  }),
  acceptable<AsTest>(
    'accept',
    'never-bound',
    'A token that was given without a proof is used without one.',
    'DPOP-5-08 OAUTH-6-01',
    {
      state: withRefreshToken({ client: 'app-bearer', jkt: null }),
      request: refresh({ form: BEARER_APP }),
      expect: BEARER_TOKEN,
    },
    { reason: 'RFC 9449 leaves it to the server whether it still issues bearer tokens.' },
  ),
  acceptable<AsTest>(
    'accept',
    'bound-from-now-on',
    'A token that was given without a proof is used with one.',
    'DPOP-5-04',
    {
      state: withRefreshToken({ client: 'app-bearer', jkt: null }),
      request: refresh({ dpop: [PROOF], form: BEARER_APP }),
      expect: ANY_TOKEN,
    },
    { reason: 'RFC 9449 says nothing of clients that begin to use DPoP in the middle.' },
  ),
  acceptable<AsTest>(
    'accept',
    'confidential-without-proof',
    'A confidential client that may do without proofs sends none.',
    'DPOP-5-07',
    {
      state: withRefreshToken({ client: 'web' }),
      request: refresh({ as: 'web' }),
      expect: ANY_TOKEN,
    },
    {
      reason:
        'The refresh token belongs to the client and to no key; whether it may go back to bearer tokens is a policy.',
    },
  ),
  ...refusals(
    [
      ['other-key', 'With another key.', 'DPOP-5-05', refresh({ dpop: [OTHER_PROOF] }), OTHER_KEY],
      [
        'other-kind-of-key',
        'With a key of another kind.',
        'DPOP-5-05',
        refresh({ dpop: [asProof({ key: KEYS.ed1 })] }),
        OTHER_KEY,
      ],
      [
        'refresh-without-proof',
        'Without a proof.',
        'DPOP-5-06 DPOP-5.2-01',
        refresh({}),
        PROOF_WANTED,
      ],
      [
        'without-needed-proof',
        'Without a proof, by a client that may do without for tokens that are not bound.',
        'DPOP-5-06',
        refresh({ form: BEARER_APP }),
        PROOF_WANTED,
        OF_BEARER_APP,
        'refresh-of-bearer-app',
      ],
      [
        'refresh-bad-signature',
        'The proof embeds the key of the token, and another one has signed it.',
        'DPOP-5-02 DPOP-5-05',
        refresh({ dpop: [asProof({ key: KEYS.ec2, header: { jwk: KEYS.ec1.jwk } })] }),
        AS_BAD_PROOF,
      ],
      [
        'refresh-proof-for-par',
        'The proof is for the endpoint of pushed requests.',
        'DPOP-4.3-09',
        refresh({ dpop: [asProof({}, 'pushed_authorization_request')] }),
        AS_BAD_PROOF,
      ],
      [
        'refresh-client-other',
        'The token of another client.',
        'OAUTH-6-01',
        refresh({ dpop: [PROOF], form: BEARER_APP }),
        BAD_GRANT,
      ],
      [
        'token-unknown',
        'A token that nobody was given.',
        'OAUTH-6-01',
        refresh({ dpop: [PROOF], form: { refresh_token: 'a-token-of-nobody' } }),
        BAD_GRANT,
      ],
      [
        'token-missing',
        'No token.',
        'OAUTH-5.2-01',
        refresh({ dpop: [PROOF], form: { refresh_token: undefined } }),
        AS_BAD_REQUEST,
      ],
      [
        'more-scope',
        'For more than was granted, though the client may ask people for it.',
        'OAUTH-6-01 BCP-4.14-01',
        refresh({ dpop: [PROOF], form: { scope: 'notes:read notes:write' } }),
        asRefused('invalid_scope'),
        withRefreshToken(NARROW),
      ],
      [
        'refresh-resource-other',
        'For a resource that was not granted.',
        'RI-2-02 BCP-4.14-01',
        refresh({ dpop: [PROOF], form: { resource: 'https://other.example' } }),
        asRefused('invalid_target'),
      ],
      [
        'refresh-without-secret',
        'A confidential client shows the key of its token and no secret.',
        'DPOP-11.11-01',
        refresh({ dpop: [PROOF], form: { client_id: 'web' } }),
        BAD_CLIENT,
        withRefreshToken({ client: 'web' }),
        'confidential-new-key',
      ],
    ],
    withRefreshToken(),
  ),
]);

const asRefreshTokens: FileDraft = {
  file: 'as-refresh-tokens',
  title: 'Refresh tokens and the keys they belong to',
  groups: [refreshTokens],
};

export default asRefreshTokens;
