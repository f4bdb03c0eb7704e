import { isScopeValue, type JsonObject } from '@keybound/core';
import { OauthError } from '../oauth-error.ts';
import type { Policy } from '../policy.ts';
import { type ClientAuthMethod, type ClientMetadata, mayUseMethod } from './client.ts';
import { parseClientKeys } from './client-keys.ts';
import {
  flagMember,
  memberFault,
  textMember,
  textsMember,
  wordMember,
} from './metadata-members.ts';
import { redirectUriFault } from './redirect-uri.ts';

/** The grants of this server. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';

/** What the clients of one source may be. */
export interface ClientRules {
  readonly policy: Pick<Policy, 'authMethods' | 'assertionAlgorithms'>;
  readonly grantTypes: readonly GrantType[];
}

const AUTH_METHODS: readonly [ClientAuthMethod, ...ClientAuthMethod[]] = [
  'client_secret_basic', // RFC 7591 §2: meant when none is named
  'client_secret_post',
  'private_key_jwt',
  'none',
];
const MAX_REDIRECT_URIS = 16;
const MAX_NAME_CHARS = 80;
const MAX_URI_CHARS = 1024;
/** What people do not see, or what turns the text around it: a name must not pass for another one. */
const DECEPTIVE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/**
 * Client metadata (RFC 7591 §2) from the operator's file or from a stranger. Members that are not
 * known are ignored. Where `grant_types` is absent it is `authorization_code`, as RFC 7591 says; a
 * client without redirect URIs could not use that and gets `client_credentials`, if it may.
 *
 * @throws OauthError `invalid_redirect_uri` or `invalid_client_metadata` (RFC 7591 §3.2.2) with a
 * constant sentence that begins with the name of the member.
 */
export function parseClientMetadata(metadata: JsonObject, rules: ClientRules): ClientMetadata {
  const method = wordMember(metadata, 'token_endpoint_auth_method', AUTH_METHODS);
  const application_type = wordMember(metadata, 'application_type', ['web', 'native']);
  const redirect_uris = parseRedirectUris(metadata, application_type);
  const grant_types = parseGrantTypes(metadata, rules.grantTypes, redirect_uris.length > 0);
  if (!mayUseMethod({ grant_types }, method, rules.policy.authMethods)) {
    throw memberFault('token_endpoint_auth_method', 'is not one that is accepted here');
  }
  requireConsistent(grant_types, redirect_uris, method);
  requireCode(metadata);
  // Whoever registers could make this server send requests to where only it can reach (SSRF).
  if (metadata.jwks_uri !== undefined) {
    throw memberFault('jwks_uri', 'is not supported: send the keys in jwks');
  }
  return {
    ...parseNames(metadata),
    redirect_uris,
    grant_types,
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' && {
      jwks: parseClientKeys(metadata, rules.policy.assertionAlgorithms),
    }),
    scope: parseScope(metadata),
    application_type,
    dpop_bound_access_tokens: flagMember(metadata, 'dpop_bound_access_tokens'),
    require_pushed_authorization_requests: flagMember(
      metadata,
      'require_pushed_authorization_requests',
    ),
    access_token_format: wordMember(metadata, 'access_token_format', ['jwt', 'opaque']),
    introspects: textsMember(metadata, 'introspects') ?? [],
  };
}

function parseRedirectUris(
  metadata: JsonObject,
  applicationType: ClientMetadata['application_type'],
): readonly string[] {
  const uris = textsMember(metadata, 'redirect_uris') ?? [];
  if (uris.length > MAX_REDIRECT_URIS) {
    throw memberFault('redirect_uris', `may be at most ${MAX_REDIRECT_URIS}`);
  }
  for (const uri of uris) {
    const fault = redirectUriFault(uri, applicationType);
    if (fault !== undefined) throw new OauthError('invalid_redirect_uri', `redirect_uris ${fault}`);
  }
  return uris;
}

function parseGrantTypes(
  metadata: JsonObject,
  allowed: readonly string[],
  hasRedirectUris: boolean,
): readonly string[] {
  const grants = textsMember(metadata, 'grant_types');
  if (grants === undefined) {
    const isMachine = !hasRedirectUris && allowed.includes('client_credentials');
    return [isMachine ? 'client_credentials' : 'authorization_code'];
  }
  if (!grants.every((grant) => allowed.includes(grant))) {
    throw memberFault('grant_types', `may be ${allowed.join(', ')}`);
  }
  return grants;
}

function requireConsistent(
  grants: readonly string[],
  redirectUris: readonly string[],
  method: ClientAuthMethod,
): void {
  const usesCodes = grants.includes('authorization_code');
  if (usesCodes && redirectUris.length === 0) {
    throw new OauthError('invalid_redirect_uri', 'redirect_uris is needed for authorization_code');
  }
  if (!usesCodes && redirectUris.length > 0) {
    throw memberFault('grant_types', 'must have authorization_code when there are redirect_uris');
  }
  if (!usesCodes && grants.includes('refresh_token')) {
    throw memberFault('grant_types', 'may have refresh_token only with authorization_code');
  }
  // RFC 6749 §4.4: for confidential clients only.
  if (method === 'none' && grants.includes('client_credentials')) {
    throw memberFault('grant_types', 'may not have client_credentials without authentication');
  }
}

function requireCode(metadata: JsonObject): void {
  const types = textsMember(metadata, 'response_types') ?? ['code'];
  if (types.length !== 1 || types[0] !== 'code')
    throw memberFault('response_types', 'must be code');
}

/** What the consent page shows. */
function parseNames(metadata: JsonObject): Pick<ClientMetadata, 'client_name' | 'client_uri'> {
  const client_name = textMember(metadata, 'client_name');
  if (client_name !== undefined && !isName(client_name)) {
    throw memberFault(
      'client_name',
      `must have 1 to ${MAX_NAME_CHARS} characters that can be seen and do not turn the direction`,
    );
  }
  const client_uri = textMember(metadata, 'client_uri');
  if (client_uri !== undefined && !isWebPage(client_uri)) {
    throw memberFault('client_uri', 'must be an https URL');
  }
  return {
    ...(client_name !== undefined && { client_name }),
    ...(client_uri !== undefined && { client_uri }),
  };
}

function isName(name: string): boolean {
  return name.trim() !== '' && [...name].length <= MAX_NAME_CHARS && !DECEPTIVE.test(name);
}

function isWebPage(uri: string): boolean {
  const isPlain = /^https:\/\/[\x21-\x7e]+$/.test(uri) && uri.length <= MAX_URI_CHARS;
  return isPlain && URL.canParse(uri) && new URL(uri).username === '';
}

/** RFC 6749 §3.3: values with one blank between them. */
function parseScope(metadata: JsonObject): string {
  const scope = textMember(metadata, 'scope') ?? '';
  if (scope !== '' && !scope.split(' ').every(isScopeValue)) {
    throw memberFault('scope', 'must be scope values with one blank between them');
  }
  return scope;
}
