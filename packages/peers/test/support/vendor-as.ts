import { KEYS } from '@keybound/test-kit';
import { type Adapter, errors, Provider } from 'oidc-provider';
import { secretOf } from './deployment.ts';
import { takeFreePort } from './listener.ts';

/** How another vendor's authorization server treats proofs. */
export interface VendorOptions {
  readonly dpop: 'nonces-on' | 'nonces-off' | 'not-supported';
}

/** `oidc-provider`, listening as an authorization server for client credentials. */
export interface VendorAs {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /**
   * Opens an audience with two resource indicators: the audience itself for JWT tokens and
   * `<audience>/opaque` for opaque ones. Both kinds have the audience as `aud`.
   */
  allowAudience(audience: string): void;
  close(): Promise<void>;
}

/** Starts `oidc-provider` with everything it would otherwise warn about decided. */
export async function startVendorAs({ dpop }: VendorOptions): Promise<VendorAs> {
  const port = await takeFreePort('localhost');
  const audiences = new Map<string, { audience: string; accessTokenFormat: 'jwt' | 'opaque' }>();
  const client = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
  const { kid, privateJwk } = KEYS.issuer;

  const provider = new Provider(port.origin, {
    adapter: memoryAdapter,
    clients: [
      { ...client, client_id: 'service', client_secret: secretOf('service') },
      {
        ...client,
        client_id: 'bound-service',
        client_secret: secretOf('bound-service'),
        ...(dpop !== 'not-supported' && { dpop_bound_access_tokens: true }),
      },
      { ...client, client_id: 'notes-api', client_secret: secretOf('notes-api') },
    ],
    jwks: { keys: [{ ...privateJwk, kid, alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['notes:read', 'notes:write'],
    ttl: { ClientCredentials: 300 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: {
        enabled: dpop !== 'not-supported',
        ...(dpop === 'nonces-on' && {
          nonceSecret: Buffer.alloc(32, 'nonce secret'),
          requireNonce: () => true,
        }),
      },
      introspection: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => '',
        getResourceServerInfo(_ctx, resource) {
          const found = audiences.get(resource);
          if (found === undefined) throw new errors.InvalidTarget();
          return {
            ...found,
            scope: 'notes:read notes:write',
            accessTokenTTL: 300,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
  });
  port.serve(provider.callback());

  return {
    issuer: port.origin,
    tokenEndpoint: `${port.origin}/token`,
    allowAudience(audience): void {
      audiences.set(audience, { audience, accessTokenFormat: 'jwt' });
      audiences.set(`${audience}/opaque`, { audience, accessTokenFormat: 'opaque' });
    },
    close: port.close,
  };
}

/** A store per server and model; the built-in one announces that it is not for production. */
function memoryAdapter(): Adapter {
  const records = new Map<string, object>();
  return {
    upsert: async (id, payload) => void records.set(id, payload),
    find: async (id) => records.get(id),
    destroy: async (id) => void records.delete(id),
  };
}
