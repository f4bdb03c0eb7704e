import type { Client } from '@keybound/auth-server';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';

/** A client that authenticates by `private_key_jwt`, and what it signs with. */
export interface KeyClient {
  readonly client: Client;
  readonly key: oauth.PrivateKey;
}

/** Makes the configuration of a client for people, with a key of the algorithm. */
export async function createKeyClient(clientId: string, algorithm: string): Promise<KeyClient> {
  const { publicKey, privateKey } = await oauth.generateKeyPair(algorithm);
  const kid = `key-of-${clientId}`;
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return {
    key: { key: privateKey, kid },
    client: {
      client_id: clientId,
      client_name: 'Notes with a key',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [jwk] },
      scope: 'notes:read notes:write',
      application_type: 'native',
      dpop_bound_access_tokens: false,
      require_pushed_authorization_requests: false,
      access_token_format: 'jwt',
      introspects: [],
      secretHash: undefined,
    },
  };
}
