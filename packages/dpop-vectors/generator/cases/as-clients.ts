import type { AsTest, Expect, FieldLine } from '../../src/format.ts';
import { AS_BAD_REQUEST, BAD_CLIENT, boundTo, DPOP_TOKEN, forItself } from '../as-cases.ts';
import { asConfig, basic, ISSUER, ORIGIN } from '../deployment.ts';
import { acceptable, asRefused, type FileDraft, group, invalid, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof, asRequest } from '../messages.ts';

const PROOF = asProof();
const GRANT = { grant_type: 'client_credentials' };
const SECRET = 'secret-of-machine-0123456789abcdef';
const GOOD = { state: {}, request: forItself([PROOF]), expect: boundTo(KEYS.ec1) };

const NO_BASIC: Expect = {
  status: [401],
  errors: ['invalid_client'],
  fieldsPresent: ['WWW-Authenticate'],
};

/** A token request with this form, and with these credentials in the place of the good ones. */
function sent(
  form: Readonly<Record<string, string>> | readonly FieldLine[],
  authorization?: string,
): AsTest['request'] {
  return asRequest('token', form, {
    dpop: [PROOF],
    ...(authorization !== undefined && { authorization }),
  });
}

const clients = group(
  'AsToken',
  'clients',
  'A good proof tells nothing about who the client is.',
  asConfig(),
  [
    valid<AsTest>('authenticated', 'A service with its secret.', 'OAUTH-5.1-01 DPOP-5-03', GOOD),
    ...(
      [
        [
          'no-secret',
          'The client identifier alone.',
          'DPOP-11.11-01',
          sent({ ...GRANT, client_id: 'machine' }),
          BAD_CLIENT,
        ],
        [
          'wrong-secret',
          'A wrong secret.',
          'OAUTH-5.2-01',
          sent(GRANT, basicOf('machine', 'wrong')),
          NO_BASIC,
        ],
        [
          'empty-secret',
          'An empty secret.',
          'OAUTH-5.2-01',
          sent(GRANT, basicOf('machine', '')),
          NO_BASIC,
        ],
        [
          'secret-of-another',
          'The secret of another client.',
          'OAUTH-5.2-01',
          sent(GRANT, basicOf('web', SECRET)),
          NO_BASIC,
        ],
        [
          'unknown',
          'A client that is not registered.',
          'OAUTH-5.2-01',
          sent(GRANT, basicOf('nobody', SECRET)),
          NO_BASIC,
        ],
        [
          'nobody',
          'No client at all.',
          'OAUTH-5.2-01',
          sent(GRANT),
          { ...BAD_CLIENT, errors: ['invalid_client', 'invalid_request'] },
        ],
        [
          'proof-as-assertion',
          'The proof in the place of a client assertion.',
          'DPOP-11.11-01 JWTBCP-3.12-01',
          sent({
            ...GRANT,
            client_id: 'machine',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: PROOF,
          }),
          BAD_CLIENT,
        ],
        [
          'other-client-id',
          'The form names another client than the secret belongs to.',
          'OAUTH-5.2-01',
          sent({ ...GRANT, client_id: 'machine-opaque' }, basic('machine')),
          { status: [400, 401], errors: ['invalid_request', 'invalid_client'] },
        ],
        [
          'two-ways',
          'The secret in the field and in the form.',
          'OAUTH-5.2-01',
          sent({ ...GRANT, client_secret: SECRET }, basic('machine')),
          { status: [400, 401], errors: ['invalid_request', 'invalid_client'] },
        ],
        [
          'public',
          'A public client asks for a token for itself.',
          'OAUTH-5.2-01',
          sent({ ...GRANT, client_id: 'app' }),
          { status: [400, 401], errors: ['unauthorized_client', 'invalid_client'] },
        ],
      ] satisfies readonly (readonly [string, string, string, AsTest['request'], Expect])[]
    ).map(([id, comment, requirements, request, expect]) =>
      invalid<AsTest>(id, comment, requirements, { state: {}, request, expect }),
    ),
    acceptable<AsTest>(
      'reject',
      'secret-in-form',
      'The secret in the form, though the client is registered for the field.',
      'OAUTH-5.2-01',
      {
        state: {},
        request: sent({ ...GRANT, client_id: 'machine', client_secret: SECRET }),
        expect: BAD_CLIENT,
      },
      { reason: 'A registered method is the one to be used, but RFC 6749 has servers take both.' },
    ),
  ],
);

function basicOf(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

const parameters = group(
  'AsToken',
  'parameters',
  'What else a token request may say.',
  asConfig(),
  [
    valid<AsTest>('plain', 'Nothing else.', 'OAUTH-5.1-01 ATJWT-2.2-01', {
      ...GOOD,
      expect: boundTo(KEYS.ec1, { iss: ISSUER, client_id: 'machine' }),
    }),
    ...(
      [
        ['resource', 'A resource of this server.', 'ATJWT-3-01', { resource: ORIGIN }],
        ['scope', 'Some of the scope.', 'OAUTH-5.1-01', { scope: 'notes:read' }],
        ['scope-empty', 'An empty scope, which counts as none.', 'OAUTH-3.1-01', { scope: '' }],
        ['parameter-unknown', 'A parameter that nobody knows.', 'OAUTH-3.1-01', { foo: 'bar' }],
      ] satisfies readonly (readonly [string, string, string, Readonly<Record<string, string>>])[]
    ).map(([id, comment, requirements, form]) =>
      valid<AsTest>(id, comment, requirements, { ...GOOD, request: forItself([PROOF], form) }),
    ),
    valid<AsTest>('opaque', 'A client whose tokens are opaque.', 'DPOP-5-03', {
      ...GOOD,
      request: forItself([PROOF], {}, 'machine-opaque'),
      expect: DPOP_TOKEN,
    }),
    ...(
      [
        [
          'scope-unknown',
          'A scope that the client may not have.',
          'OAUTH-5.2-01',
          { scope: 'admin' },
          ['invalid_scope'],
        ],
        [
          'resource-unknown',
          'A resource that this server issues no tokens for.',
          'RI-2-02',
          { resource: 'https://other.example' },
          ['invalid_target'],
        ],
        [
          'resource-malformed',
          'A resource that is no absolute URI.',
          'RI-2-02',
          { resource: '/r' },
          ['invalid_target'],
        ],
        [
          'grant-type-missing',
          'No grant type.',
          'OAUTH-5.2-01',
          { grant_type: undefined },
          ['invalid_request', 'unsupported_grant_type'],
        ],
        [
          'grant-type-unknown',
          'A grant type that does not exist.',
          'OAUTH-5.2-01',
          { grant_type: 'urn:example:grant' },
          ['unsupported_grant_type', 'unauthorized_client'],
        ],
        [
          'grant-type-inherited',
          'A name that objects of some languages have from birth.',
          'OAUTH-5.2-01',
          { grant_type: 'constructor' },
          ['unsupported_grant_type', 'unauthorized_client'],
        ],
        [
          'password',
          'The password grant.',
          'OA21-GRANTS-01',
          { grant_type: 'password', username: 'alice', password: 'secret' },
          ['unsupported_grant_type', 'unauthorized_client'],
        ],
        [
          'grant-type-not-of-client',
          'A grant type that the client is not registered for.',
          'OAUTH-5.2-01',
          { grant_type: 'refresh_token', refresh_token: 'a-token' },
          ['unauthorized_client', 'invalid_grant'],
        ],
      ] satisfies readonly (readonly [
        string,
        string,
        string,
        Readonly<Record<string, string | undefined>>,
        readonly string[],
      ])[]
    ).map(([id, comment, requirements, form, errors]) =>
      invalid<AsTest>(id, comment, requirements, {
        state: {},
        request: forItself([PROOF], form),
        expect: asRefused(...errors),
      }),
    ),
    ...(
      [
        ['grant-type-twice', 'The grant type twice.', ['grant_type', 'client_credentials']],
        ['scope-twice', 'Two scopes.', ['scope', 'notes:write']],
      ] satisfies readonly (readonly [string, string, FieldLine])[]
    ).map(([id, comment, line]) =>
      invalid<AsTest>(id, comment, 'OAUTH-3.1-01', {
        state: {},
        request: sent([...Object.entries(GRANT), ['scope', 'notes:read'], line], basic('machine')),
        expect: AS_BAD_REQUEST,
      }),
    ),
  ],
);

const OTHER = 'https://other.example';

const resources = group(
  'AsToken',
  'two-resources',
  'A server that issues tokens for two resources.',
  asConfig({ resources: [ORIGIN, OTHER] }),
  [
    valid<AsTest>('resource-one-of-two', 'One of them is asked for.', 'ATJWT-3-01', {
      state: {},
      request: sent({ ...GRANT, resource: OTHER }, basic('machine')),
      expect: boundTo(KEYS.ec1, { aud: OTHER }),
    }),
    acceptable<AsTest>(
      'reject',
      'resource-both',
      'Both are asked for, which leaves open what is allowed where.',
      'ATJWT-3-02 RI-2-02',
      {
        state: {},
        request: sent(
          [...Object.entries(GRANT), ['resource', ORIGIN], ['resource', OTHER]],
          basic('machine'),
        ),
        expect: asRefused('invalid_target', 'invalid_scope', 'invalid_request'),
      },
      {
        reason:
          'RFC 8707 §2 allows several; a token for both could be passed on from one to the other.',
      },
    ),
  ],
);

const asClients: FileDraft = {
  file: 'as-clients',
  title: 'Clients and parameters of token requests',
  groups: [clients, parameters, resources],
};

export default asClients;
