import type { JsonObject } from '@keybound/core';
import { KEYS, keySet } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { type ClientRules, parseClientMetadata } from '../../src/clients/parse-client.ts';
import type { OauthError } from '../../src/oauth-error.ts';
import { POLICIES } from '../../src/policy.ts';

const RULES: ClientRules = {
  policy: POLICIES.default,
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
};
const FAPI: ClientRules = { ...RULES, policy: POLICIES.fapi };
const STRANGERS: ClientRules = { ...RULES, grantTypes: ['authorization_code', 'refresh_token'] };

const WEB = { redirect_uris: ['https://app.example/callback'] };
const SIGNING = { ...WEB, token_endpoint_auth_method: 'private_key_jwt' };
const ENCRYPTION = { ...KEYS.alice.publicJwk, use: 'enc' };

function faultOf(metadata: JsonObject, rules: ClientRules = RULES): OauthError {
  try {
    parseClientMetadata(metadata, rules);
  } catch (error) {
    return error as OauthError;
  }
  throw new Error('the metadata is accepted');
}

describe('client metadata', () => {
  it('only redirect_uris → the defaults of RFC 7591 §2', () => {
    expect(parseClientMetadata(WEB, RULES)).toEqual({
      ...WEB,
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: '',
      application_type: 'web',
      dpop_bound_access_tokens: false,
      require_pushed_authorization_requests: false,
      access_token_format: 'jwt',
      introspects: [],
    });
  });

  it('nothing at all → a machine, where there may be machines', () => {
    expect(parseClientMetadata({}, RULES)).toMatchObject({
      redirect_uris: [],
      grant_types: ['client_credentials'],
    });
    expect(faultOf({}, STRANGERS)).toMatchObject({
      code: 'invalid_redirect_uri',
      message: 'redirect_uris is needed for authorization_code',
    });
  });

  it('everything → kept; what is not known → ignored', () => {
    const full = {
      client_name: 'Notizen für alle 📝',
      client_uri: 'https://app.example/about?x=1',
      redirect_uris: ['com.example.app:/cb', 'http://127.0.0.1/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      scope: 'notes:read notes:write',
      application_type: 'native',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      access_token_format: 'opaque',
      introspects: ['https://rs.example'],
    };
    const unknown = {
      response_types: ['code'],
      contacts: ['me'],
      software_statement: 'x',
      jwks: 1,
    };
    expect(parseClientMetadata({ ...full, ...unknown }, RULES)).toEqual(full);
  });

  it('a grant or URI twice → once', () => {
    const metadata = {
      redirect_uris: [...WEB.redirect_uris, ...WEB.redirect_uris],
      grant_types: ['authorization_code', 'authorization_code'],
    };
    expect(parseClientMetadata(metadata, RULES)).toMatchObject({
      ...WEB,
      grant_types: ['authorization_code'],
    });
  });

  it.each([
    [
      'no list of URIs',
      { redirect_uris: 'https://a.example' },
      'redirect_uris must be a list of texts',
    ],
    ['a number among them', { redirect_uris: [1] }, 'redirect_uris must be a list of texts'],
    [
      'too many URIs',
      { redirect_uris: Array.from({ length: 17 }, (_, i) => `https://app.example/${i}`) },
      'redirect_uris may be at most 16',
    ],
    [
      'a grant that is none',
      { ...WEB, grant_types: ['password'] },
      /^grant_types may be authorization_code, /,
    ],
    [
      'the implicit grant',
      { ...WEB, grant_types: ['implicit'] },
      /^grant_types may be authorization_code, /,
    ],
    [
      'URIs without authorization_code',
      { ...WEB, grant_types: ['client_credentials'] },
      'grant_types must have authorization_code when there are redirect_uris',
    ],
    [
      'refresh_token alone',
      { grant_types: ['refresh_token'] },
      'grant_types may have refresh_token only with authorization_code',
    ],
    [
      'a public client with client_credentials',
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      'grant_types may not have client_credentials without authentication',
    ],
    [
      'a public machine',
      { token_endpoint_auth_method: 'none' },
      'grant_types may not have client_credentials without authentication',
    ],
    [
      'a method that is none',
      { ...WEB, token_endpoint_auth_method: 'client_secret_jwt' },
      /^token_endpoint_auth_method must be client_secret_basic or /,
    ],
    [
      'a type that is none',
      { ...WEB, application_type: 'tv' },
      'application_type must be web or native',
    ],
    ['another response type', { ...WEB, response_types: ['token'] }, 'response_types must be code'],
    [
      'two response types',
      { ...WEB, response_types: ['code', 'token'] },
      'response_types must be code',
    ],
    ['no response type', { ...WEB, response_types: [] }, 'response_types must be code'],
    ['a blank at the end of scope', { ...WEB, scope: 'a ' }, /^scope must be scope values/],
    ['a quote in scope', { ...WEB, scope: 'a"b' }, /^scope must be scope values/],
    ['a list as scope', { ...WEB, scope: ['a'] }, 'scope must be a text'],
    [
      'a flag that is a text',
      { ...WEB, dpop_bound_access_tokens: 'true' },
      'dpop_bound_access_tokens must be true or false',
    ],
    [
      'another flag that is a number',
      { ...WEB, require_pushed_authorization_requests: 1 },
      'require_pushed_authorization_requests must be true or false',
    ],
    [
      'a format that is none',
      { ...WEB, access_token_format: 'saml' },
      'access_token_format must be jwt or opaque',
    ],
    ['introspects as a text', { ...WEB, introspects: 'x' }, 'introspects must be a list of texts'],
    [
      'a script as client_uri',
      { ...WEB, client_uri: 'javascript:alert(1)' },
      'client_uri must be an https URL',
    ],
    [
      'plain http as client_uri',
      { ...WEB, client_uri: 'http://a.example' },
      'client_uri must be an https URL',
    ],
    [
      'userinfo in client_uri',
      { ...WEB, client_uri: 'https://a@b.example' },
      'client_uri must be an https URL',
    ],
    [
      'an endless client_uri',
      { ...WEB, client_uri: `https://${'a'.repeat(1024)}` },
      'client_uri must be an https URL',
    ],
  ])('%s → invalid_client_metadata', (_name, metadata, sentence) => {
    const fault = faultOf(metadata);
    expect(fault.code).toBe('invalid_client_metadata');
    if (typeof sentence === 'string') expect(fault.message).toBe(sentence);
    else expect(fault.message).toMatch(sentence);
  });

  it.each([
    [
      'no URI',
      { grant_types: ['authorization_code'] },
      'redirect_uris is needed for authorization_code',
    ],
    [
      'an empty list',
      { redirect_uris: [], grant_types: ['authorization_code'] },
      'redirect_uris is needed for authorization_code',
    ],
    ['plain http', { redirect_uris: ['http://app.example/'] }, /^redirect_uris must use https/],
    [
      'a second one that is bad',
      { redirect_uris: [...WEB.redirect_uris, 'data:,x'] },
      /^redirect_uris must use https/,
    ],
    [
      'a private scheme on the web',
      { redirect_uris: ['com.example.app:/cb'] },
      'redirect_uris may have a private scheme in native clients only',
    ],
  ])('%s → invalid_redirect_uri [BCP-2.1-02]', (_name, metadata, sentence) => {
    const fault = faultOf(metadata);
    expect(fault.code).toBe('invalid_redirect_uri');
    if (typeof sentence === 'string') expect(fault.message).toBe(sentence);
    else expect(fault.message).toMatch(sentence);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['81 characters', 'a'.repeat(81)],
    ['a line break', 'Notes\nBank'],
    ['U+0000', 'Notes\u0000'],
    ['an override of the direction', 'Notes\u202eknaB'],
    ['an isolate', 'Notes\u2066'],
    ['a right-to-left mark', 'Notes\u200f'],
    ['a line separator', 'Notes\u2028Bank'],
    ['half a character', 'Notes\ud800'],
  ])('%s as client_name → invalid_client_metadata', (_name, client_name) => {
    expect(faultOf({ ...WEB, client_name })).toMatchObject({
      code: 'invalid_client_metadata',
      message: expect.stringMatching(/^client_name must have 1 to 80 characters/),
    });
  });

  it('80 characters of two halves each as client_name → accepted', () => {
    const client_name = '📝'.repeat(80);
    expect(parseClientMetadata({ ...WEB, client_name }, RULES).client_name).toBe(client_name);
  });

  it('no sentence has a character that error_description may not have [OAUTH-5.2-01]', () => {
    for (const metadata of [
      { scope: '"' },
      { redirect_uris: ['x'] },
      { redirect_uris: ['x:y'] },
      { client_name: '' },
    ]) {
      expect(faultOf(metadata).message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });
});

describe('keys of a client with private_key_jwt', () => {
  it('several keys → the ones that verify, with the members for that', () => {
    const jwks = {
      keys: [
        { ...KEYS.alice.publicJwk, kid: 'a', alg: 'ES256', use: 'sig', x5c: ['x'] },
        { ...ENCRYPTION, kid: 'e' },
        { kty: 'AKP', pub: 'x' },
        KEYS.aliceRsa.publicJwk,
      ],
    };
    expect(parseClientMetadata({ ...SIGNING, jwks }, RULES).jwks).toEqual({
      keys: [{ ...KEYS.alice.publicJwk, kid: 'a', alg: 'ES256' }, KEYS.aliceRsa.publicJwk],
    });
  });

  it.each([
    ['no jwks', undefined, 'jwks is missing'],
    ['a list', [KEYS.alice.publicJwk], 'jwks must be a JWK Set'],
    ['a text', 'https://app.example/jwks', 'jwks must be a JWK Set'],
    ['no key', { keys: [] }, 'jwks has no key that is of use here'],
    ['an encryption key alone', { keys: [ENCRYPTION] }, 'jwks has no key that is of use here'],
    ['a text among the keys', { keys: ['x'] }, 'jwks must hold keys alone'],
    ['a private key', { keys: [KEYS.alice.privateJwk] }, 'jwks must not have a private key'],
    [
      'a private key beside a good one',
      { keys: [KEYS.alice.publicJwk, KEYS.aliceRsa.privateJwk] },
      'jwks must not have a private key',
    ],
    [
      'a symmetric key',
      { keys: [{ kty: 'oct', k: 'c2VjcmV0' }, KEYS.alice.publicJwk] },
      'jwks must not have a symmetric key',
    ],
    [
      'a weak key',
      { keys: [{ ...KEYS.aliceRsa.publicJwk, e: 'AQ' }] },
      'jwks has no key that is of use here',
    ],
    [
      'more than 16 keys',
      { keys: Array.from({ length: 17 }, () => KEYS.alice.publicJwk) },
      'jwks may have at most 16 keys',
    ],
    [
      'a kid that no database keeps',
      { keys: [{ ...KEYS.alice.publicJwk, kid: 'a\u0000' }] },
      'jwks has a key with an unfit kid',
    ],
    [
      'a kid that is a number',
      { keys: [{ ...KEYS.alice.publicJwk, kid: 1 }] },
      'jwks has a key with an unfit kid',
    ],
    [
      'an endless kid',
      { keys: [{ ...KEYS.alice.publicJwk, kid: 'a'.repeat(257) }] },
      'jwks has a key with an unfit kid',
    ],
  ])('%s → invalid_client_metadata', (_name, jwks, message) => {
    expect(faultOf({ ...SIGNING, jwks })).toMatchObject({
      code: 'invalid_client_metadata',
      message,
    });
  });

  it('jwks_uri → refused, whatever the method: this server fetches nothing for clients', () => {
    const jwks_uri = 'http://169.254.169.254/keys';
    const message = 'jwks_uri is not supported: send the keys in jwks';
    expect(faultOf({ ...SIGNING, jwks: keySet(KEYS.alice), jwks_uri })).toMatchObject({ message });
    expect(faultOf({ ...WEB, jwks_uri })).toMatchObject({ message });
  });
});

describe('under the policy of FAPI 2.0', () => {
  it('private_key_jwt → accepted [FAPI-5.3.2.1-02]', () => {
    const metadata = { ...SIGNING, jwks: keySet(KEYS.alice) };
    expect(parseClientMetadata(metadata, FAPI)).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
    });
  });

  it.each(['client_secret_basic', 'client_secret_post', 'none', undefined])(
    '%s → refused [FAPI-5.3.2.1-01] [FAPI-5.3.2.1-02]',
    (token_endpoint_auth_method) => {
      const metadata = {
        ...WEB,
        ...(token_endpoint_auth_method && { token_endpoint_auth_method }),
      };
      expect(faultOf(metadata, FAPI)).toMatchObject({
        code: 'invalid_client_metadata',
        message: 'token_endpoint_auth_method is not one that is accepted here',
      });
    },
  );

  it('a key for RS256 alone → of no use [FAPI-5.4-01]', () => {
    const jwks = keySet(KEYS.issuerRsa);
    expect(parseClientMetadata({ ...SIGNING, jwks }, RULES).jwks?.keys).toHaveLength(1);
    expect(faultOf({ ...SIGNING, jwks }, FAPI)).toMatchObject({
      message: 'jwks has no key that is of use here',
    });
  });
});
