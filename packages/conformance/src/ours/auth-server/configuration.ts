import {
  type AuthServerOptions,
  type Client,
  DEMO_USERS,
  ENDPOINTS,
  hashSecret,
  METADATA_PATHS,
} from '@keybound/auth-server';
import { PRESETS } from '@keybound/dpop';
import type { AsClient, AsConfig, AsEndpoint } from '@keybound/dpop-vectors';
import { LIFETIMES } from './state.ts';

const MANY = 1_000_000;

/** What no configuration of the suite is about. */
export const FIXED: Omit<
  AuthServerOptions,
  'issuer' | 'resources' | 'database' | 'clients' | 'preset'
> = {
  demoUsers: DEMO_USERS,
  passwordCost: { logN: 4, r: 8, p: 1 },
  registration: 'off',
  lifetimes: LIFETIMES,
  limits: { loginsPerMinute: MANY, requestsPerMinute: MANY },
  signing: {
    algorithm: 'ES256',
    rotationSeconds: 30 * 86_400,
    encryptionSecrets: ['an encryption secret of the vectors'],
  },
  logLevel: 'silent',
};

const PATHS: Readonly<Record<AsEndpoint, string | undefined>> = {
  authorization: ENDPOINTS.authorization,
  token: ENDPOINTS.token,
  pushed_authorization_request: ENDPOINTS.pushedAuthorization,
  introspection: ENDPOINTS.introspection,
  revocation: ENDPOINTS.revocation,
  metadata: METADATA_PATHS[0],
};

/** Proofs name endpoints, so those of the vectors have to be ours. */
export function requireOurEndpoints({ issuer, endpoints }: AsConfig): void {
  for (const [name, url] of Object.entries(endpoints)) {
    const ours = `${issuer}${PATHS[name as AsEndpoint]}`;
    if (url !== ours) throw new Error(`the ${name} endpoint is ${ours} here, not ${url}`);
  }
}

/**
 * Why our server cannot be configured so; undefined when it can. The preset alone decides about proofs here,
 * and they are always remembered.
 */
export function presetFault(config: AsConfig): string | undefined {
  const { algorithms, maxAgeSeconds, maxFutureSeconds } = PRESETS[config.preset];
  if (config.replay === 'off') return 'used proofs are always remembered';
  if (String(config.proofAlgorithms) !== String(algorithms)) return 'the preset has its algorithms';
  const isOurs =
    config.maxAgeSeconds === maxAgeSeconds && config.maxFutureSeconds === maxFutureSeconds;
  return isOurs ? undefined : 'the preset has its window';
}

/** A client as our server keeps it. */
export function clientOf({ client_secret: secret, ...client }: AsClient): Client {
  return {
    access_token_format: 'jwt',
    introspects: [],
    ...client,
    application_type: 'web',
    require_pushed_authorization_requests: false,
    secretHash: secret === undefined ? undefined : hashSecret(secret),
  };
}
