import type { AsClient, AsConfig, AsTest } from '../../src/format.ts';
import { boundTo, CHALLENGE, PUSHED, VERIFIER, withCode, withRefreshToken } from '../as-cases.ts';
import {
  asConfig,
  basic,
  CLOCK,
  ISSUER,
  ORIGIN,
  publishedKey,
  REDIRECT_URI,
} from '../deployment.ts';
import {
  acceptable,
  asRefused,
  type Draft,
  type FileDraft,
  group,
  invalid,
  valid,
} from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { hash } from '../encode/bytes.ts';
import { jsonText } from '../encode/json.ts';
import { compactJws } from '../encode/jws.ts';
import { ecKey, KEYS, rsaKeyPair } from '../keys/keys.ts';
import { asProof, asRequest } from '../messages.ts';

const { ec1, ec2, rsa2048 } = KEYS;

/** The key with which the client authenticates; proofs come from another one. */
const bankKey = ecKey('bank', 'P-256', 'The key of a client that signs assertions.');
const bankRsa = rsaKeyPair('bankRsa', 'RS256', 'Its RSA key.', rsa2048.numbers);

const BANK: AsClient = {
  client_id: 'bank',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [publishedKey(bankKey), publishedKey(bankRsa)] },
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: 'notes:read notes:write',
  dpop_bound_access_tokens: true,
};

const FAPI: AsConfig = asConfig({
  preset: 'fapi',
  clients: [BANK, ...asConfig().clients],
  proofAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
  maxFutureSeconds: 60,
});

interface Assertion {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: typeof bankKey | typeof bankRsa;
}

/** The form parameters of a client assertion (RFC 7523 §2.2). */
function assertion({
  claims = {},
  header = {},
  key = bankKey,
}: Assertion = {}): Readonly<Record<string, string>> {
  const payload = {
    iss: 'bank',
    sub: 'bank',
    aud: ISSUER,
    iat: CLOCK,
    exp: CLOCK + 60,
    ...claims,
  };
  const all = { alg: key.alg, kid: key.name, ...header };
  const jti = base64url(hash('sha256', jsonText({ payload, all }))).slice(0, 22);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: compactJws({
      header: all,
      payload: { jti, ...payload },
      sign: (input) => key.sign(input, key.alg),
    }),
  };
}

type Form = Readonly<Record<string, string>>;

/** A token request of the client for itself. */
function forBank(form: Form, dpop: readonly string[] = [asProof()]): AsTest['request'] {
  return asRequest('token', { grant_type: 'client_credentials', ...form }, { dpop });
}

const BAD_CLIENT = { status: [401, 400], errors: ['invalid_client', 'unauthorized_client'] };

function refusedClient(
  id: string,
  comment: string,
  requirements: string,
  request: AsTest['request'],
): Draft<AsTest> {
  return invalid<AsTest>(id, comment, requirements, { state: {}, request, expect: BAD_CLIENT });
}

const tokens = group('AsToken', 'clients', 'Who gets tokens under FAPI 2.0, and which.', FAPI, [
  valid<AsTest>(
    'assertion',
    'A client with a signed assertion and a proof.',
    'FAPI-5.3.2.1-02 FAPI-5.3.2.1-01 ATJWT-2.1-03',
    {
      state: {},
      request: forBank(assertion()),
      expect: { ...boundTo(ec1), tokenHeader: { typ: 'at+jwt' } },
    },
  ),
  valid<AsTest>('iat-plus-10', 'The assertion is from ten seconds ahead.', 'FAPI-5.3.2.1-05', {
    state: {},
    request: forBank(assertion({ claims: { iat: CLOCK + 10, nbf: CLOCK + 10 } })),
    expect: boundTo(ec1),
  }),
  invalid<AsTest>('no-proof', 'A signed assertion and no proof.', 'FAPI-5.3.2.1-01 DPOP-5.2-01', {
    state: {},
    request: forBank(assertion(), []),
    expect: asRefused('invalid_dpop_proof', 'invalid_request'),
  }),
  refusedClient(
    'secret-basic',
    'A client with a secret.',
    'FAPI-5.3.2.1-02',
    asRequest(
      'token',
      { grant_type: 'client_credentials' },
      { dpop: [asProof()], authorization: basic('machine') },
    ),
  ),
  invalid<AsTest>('public-client', 'A public client redeems a code.', 'FAPI-5.3.2.1-01', {
    state: withCode(),
    request: asRequest(
      'token',
      {
        grant_type: 'authorization_code',
        client_id: 'app',
        code: '{{code}}',
        redirect_uri: REDIRECT_URI,
        code_verifier: VERIFIER,
      },
      { dpop: [asProof()] },
    ),
    expect: BAD_CLIENT,
  }),
  ...(
    [
      [
        'aud-other',
        'The assertion is for another server.',
        { claims: { aud: 'https://evil.example' } },
        'PAR-2-01 FAPI-5.3.2.1-02',
      ],
      [
        'aud-missing',
        'The assertion has no audience.',
        { claims: { aud: undefined } },
        'PAR-2-01 FAPI-5.3.2.1-02',
      ],
      [
        'aud-prefix',
        'The audience begins like the issuer.',
        { claims: { aud: `${ISSUER}.evil` } },
        'PAR-2-01 FAPI-5.3.2.1-02',
      ],
      [
        'expired',
        'The assertion has ended.',
        { claims: { exp: CLOCK - 120, iat: CLOCK - 180 } },
        'FAPI-5.3.2.1-02',
      ],
      [
        'iat-plus-61',
        'The assertion is from 61 seconds ahead.',
        { claims: { iat: CLOCK + 61, exp: CLOCK + 120 } },
        'FAPI-5.3.2.1-05',
      ],
      ['rs256', 'The assertion is signed with RS256.', { key: bankRsa }, 'FAPI-5.4-01'],
      [
        'other-subject',
        'The assertion is about another client.',
        { claims: { sub: 'web' } },
        'FAPI-5.3.2.1-02',
      ],
      [
        'alg-none',
        'The assertion is signed with nothing.',
        { header: { alg: 'none' } },
        'FAPI-5.4-01 FAPI-5.3.2.1-02',
      ],
      [
        'proof-type',
        'The assertion has the type of proofs.',
        { header: { typ: 'dpop+jwt' } },
        'JWTBCP-3.12-01 FAPI-5.3.2.1-02',
      ],
    ] as const
  ).map(([id, comment, given, requirements]) =>
    refusedClient(id, comment, requirements, forBank(assertion(given))),
  ),
  refusedClient(
    'proof-as-assertion',
    'The proof is the assertion, too.',
    'JWTBCP-3.12-01 FAPI-5.3.2.1-02',
    forBank({ ...assertion(), client_assertion: asProof() }),
  ),
  acceptable<AsTest>(
    'reject',
    'aud-endpoint',
    'The audience is the token endpoint.',
    'PAR-2-01 FAPI-5.3.2.1-02',
    {
      state: {},
      request: forBank(assertion({ claims: { aud: `${ISSUER}/token` } })),
      expect: BAD_CLIENT,
    },
    {
      reason:
        'RFC 7523 allows it; with several servers an endpoint can be mistaken, and FAPI 2.0 names the issuer.',
    },
  ),
  valid<AsTest>(
    'refresh-keeps-token',
    'A refresh brings no new refresh token.',
    'FAPI-5.3.2.1-03',
    {
      state: withRefreshToken({ client: 'bank', jkt: null }),
      request: asRequest(
        'token',
        { grant_type: 'refresh_token', refresh_token: '{{token}}', ...assertion() },
        { dpop: [asProof()] },
      ),
      expect: { ...boundTo(ec1), bodyAbsent: ['refresh_token'] },
    },
  ),
  invalid<AsTest>(
    'bound-code-other-key',
    'A code that is bound to another key.',
    'FAPI-5.3.2.1-04 DPOP-10-01',
    {
      state: withCode({ client: 'bank', dpopJkt: ec2.jkt }),
      request: asRequest(
        'token',
        {
          grant_type: 'authorization_code',
          code: '{{code}}',
          redirect_uri: REDIRECT_URI,
          code_verifier: VERIFIER,
          ...assertion(),
        },
        { dpop: [asProof()] },
      ),
      expect: asRefused('invalid_grant', 'invalid_dpop_proof'),
    },
  ),
]);

const AUTHORIZATION: Form = {
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: 'notes:read notes:write',
  resource: ORIGIN,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

/** A pushed request of the client. */
function pushed(
  form: Readonly<Record<string, string | undefined>>,
  dpop: readonly string[] = [],
): AsTest['request'] {
  const given = Object.entries({ ...AUTHORIZATION, ...assertion(), ...form });
  const present = given.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return asRequest('pushed_authorization_request', present, { dpop });
}

const PAR = 'pushed_authorization_request';

const requests = group('AsPar', 'pushed-requests', 'What is pushed under FAPI 2.0.', FAPI, [
  valid<AsTest>('pushed', 'A request with an assertion.', 'FAPI-5.3.2.2-01', {
    state: {},
    request: pushed({}),
    expect: PUSHED,
  }),
  valid<AsTest>(
    'pushed-with-proof',
    'The same with a proof, which binds the code.',
    'FAPI-5.3.2.1-04',
    {
      state: {},
      request: pushed({ dpop_jkt: ec1.jkt }, [asProof({}, PAR)]),
      expect: PUSHED,
    },
  ),
  invalid<AsTest>(
    'pushed-disagreeing',
    'Proof and dpop_jkt name two keys.',
    'FAPI-5.3.2.1-04 DPOP-10.1-03',
    {
      state: {},
      request: pushed({ dpop_jkt: ec2.jkt }, [asProof({}, PAR)]),
      expect: asRefused('invalid_request', 'invalid_dpop_proof'),
    },
  ),
  invalid<AsTest>(
    'pushed-by-public-client',
    'A public client pushes.',
    'FAPI-5.3.2.2-01 FAPI-5.3.2.1-01',
    {
      state: {},
      request: pushed({
        client_id: 'app',
        client_assertion: undefined,
        client_assertion_type: undefined,
      }),
      expect: BAD_CLIENT,
    },
  ),
  invalid<AsTest>('pushed-without-challenge', 'No code_challenge.', 'FAPI-5.3.2.2-01 OA21-4.1-01', {
    state: {},
    request: pushed({ code_challenge: undefined, code_challenge_method: undefined }),
    expect: asRefused('invalid_request'),
  }),
  invalid<AsTest>('pushed-plain', 'The method plain.', 'FAPI-5.3.2.2-01 PKCE-4.2-01', {
    state: {},
    request: pushed({ code_challenge_method: 'plain' }),
    expect: asRefused('invalid_request'),
  }),
  invalid<AsTest>('pushed-without-redirect-uri', 'No redirect_uri.', 'FAPI-5.3.2.2-01', {
    state: {},
    request: pushed({ redirect_uri: undefined }),
    expect: asRefused('invalid_request'),
  }),
  acceptable<AsTest>(
    'reject',
    'pushed-with-audience-of-par',
    'The assertion names the endpoint for pushed requests.',
    'PAR-2-01',
    {
      state: {},
      request: pushed(assertion({ claims: { aud: `${ISSUER}/par` } })),
      expect: BAD_CLIENT,
    },
    { reason: 'RFC 9126 §2 allows it; FAPI 2.0 names the issuer.' },
  ),
]);

const asFapi: FileDraft = {
  file: 'as-fapi',
  title: 'An authorization server under FAPI 2.0',
  groups: [tokens, requests],
};

export default asFapi;
