// The package ships no types; these cover what the tests use.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export interface ClientMetadata {
    readonly client_id: string;
    readonly client_secret: string;
    readonly grant_types: readonly string[];
    readonly redirect_uris: readonly string[];
    readonly response_types: readonly string[];
    readonly dpop_bound_access_tokens?: boolean;
  }

  /** What a resource indicator stands for. */
  export interface ResourceServerInfo {
    readonly scope: string;
    readonly audience: string;
    readonly accessTokenTTL: number;
    readonly accessTokenFormat: 'jwt' | 'opaque';
    readonly jwt?: { readonly sign: { readonly alg: string } };
  }

  /** Where the server keeps its artefacts; one adapter a model. */
  export interface Adapter {
    upsert(id: string, payload: object, expiresIn?: number): Promise<void>;
    find(id: string): Promise<object | undefined>;
    destroy(id: string): Promise<void>;
  }

  export interface Configuration {
    readonly adapter: (model: string) => Adapter;
    readonly clients: readonly ClientMetadata[];
    readonly jwks: { readonly keys: readonly object[] };
    readonly clientDefaults: { readonly id_token_signed_response_alg: string };
    readonly scopes: readonly string[];
    readonly ttl: { readonly ClientCredentials: number };
    readonly features: {
      readonly devInteractions: { readonly enabled: boolean };
      readonly clientCredentials: { readonly enabled: boolean };
      readonly dPoP: {
        readonly enabled: boolean;
        readonly nonceSecret?: Buffer;
        readonly requireNonce?: () => boolean;
      };
      readonly introspection: { readonly enabled: boolean; readonly allowedPolicy: () => boolean };
      readonly resourceIndicators: {
        readonly enabled: boolean;
        readonly defaultResource: () => string;
        readonly getResourceServerInfo: (ctx: unknown, resource: string) => ResourceServerInfo;
      };
    };
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): RequestListener;
  }

  export const errors: { readonly InvalidTarget: new () => Error };
}
