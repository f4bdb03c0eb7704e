import * as oauth from 'oauth4webapi';
import { secretOf } from './deployment.ts';

/** Options of every request: the servers are on this machine, so http is fine. */
export const INSECURE = { [oauth.allowInsecureRequests]: true } as const;

/** The metadata of a server, by RFC 8414. */
export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...INSECURE });
  return oauth.processDiscoveryResponse(url, response);
}

/** A new key with its proofs. */
export async function newHandle(algorithm = 'ES256'): Promise<oauth.DPoPHandle> {
  return oauth.DPoP({}, await oauth.generateKeyPair(algorithm));
}

/** Runs a step, and once more when it failed for want of a nonce, as the library's examples do. */
export async function withNonce<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return step();
  }
}

/** One request to the API, without any retry. */
export function call(
  api: string,
  path: string,
  token: string,
  DPoP?: oauth.DPoPHandle,
): Promise<Response> {
  return oauth.protectedResourceRequest(token, 'GET', new URL(path, api), undefined, null, {
    ...INSECURE,
    ...(DPoP && { DPoP }),
  });
}

/** What the API learns of a token. */
export async function introspect(
  as: oauth.AuthorizationServer,
  token: string,
): Promise<oauth.IntrospectionResponse> {
  const client = { client_id: 'notes-api' };
  const authentication = oauth.ClientSecretBasic(secretOf('notes-api'));
  const response = await oauth.introspectionRequest(as, client, authentication, token, INSECURE);
  return oauth.processIntrospectionResponse(as, client, response);
}
