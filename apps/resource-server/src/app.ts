import cors from '@fastify/cors';
import { createService, type ServiceOptions } from '@keybound/app-kit';
import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Authenticator,
  type Clock,
  createIntrospectionVerifier,
  createIssuerKeys,
  createJwtVerifier,
  type ReplayStore,
  systemClock,
} from '@keybound/core';
import { createDpopAuthenticator, type Nonces, PRESETS, type PresetName } from '@keybound/dpop';
import keybound, { DPOP_CORS } from '@keybound/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { API_KEY_OWNER, requireApiKey } from './api-key.ts';
import { createNotebook, notesRoutes } from './notes.ts';
import { answerForwardAuth, type ProxyOptions, targetOptions } from './proxies.ts';
import { createReplay } from './replay.ts';
import { TIMING_FIELD, timeChecks } from './timing.ts';

/** What the resource server is made of. */
export interface ResourceServerOptions
  extends Omit<ServiceOptions, 'trustedProxies'>,
    ProxyOptions {
  /** The origin clients use; also the audience of tokens. */
  readonly publicOrigin: string;
  readonly issuer: string;
  readonly introspection: { readonly clientId: string; readonly clientSecret: string };
  readonly apiKey: string;
  /** The nonces that `/dpop-nonce` demands. */
  readonly nonces: Nonces;
  /** A Redis server on which instances share used proofs. @defaultValue the memory of this process */
  readonly redisUrl?: string | undefined;
  readonly preset: PresetName;
  /** How the issuer is asked for its metadata, its keys and about tokens. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

const METADATA_PATH = '/.well-known/oauth-protected-resource';

/** Builds the resource server without listening: one notes API, mounted once for each scheme. */
export async function buildResourceServer(
  options: ResourceServerOptions,
): Promise<FastifyInstance> {
  const { publicOrigin, issuer, apiKey, preset } = options;
  const { logLevel, logStream } = options;
  const app = createService({ logLevel, ...(logStream && { logStream }) });
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'POST'],
    allowedHeaders: [...DPOP_CORS.allowedHeaders, 'X-API-Key'],
    exposedHeaders: [...DPOP_CORS.exposedHeaders, TIMING_FIELD],
  });

  const notebook = createNotebook();
  const { redisUrl, clock = systemClock } = options;
  const replay = await createReplay(app, { redisUrl, clock });
  const { lanes, askedByProxies } = createLanes(app, options, replay);
  for (const [path, authenticators] of Object.entries(lanes)) {
    await app.register(
      async (scope) => {
        await timeChecks(scope, async () => {
          await scope.register(keybound, {
            authenticators,
            realm: 'notes',
            resourceMetadata: `${publicOrigin}${METADATA_PATH}`,
          });
        });
        notesRoutes(scope, { notebook, ownerOf: subjectOf });
      },
      { prefix: path },
    );
  }
  await app.register(
    async (scope) => {
      await timeChecks(scope, () => requireApiKey(scope, apiKey));
      notesRoutes(scope, { notebook, ownerOf: () => API_KEY_OWNER });
    },
    { prefix: '/api-key' },
  );

  await answerForwardAuth(app, askedByProxies, options);

  // RFC 9728. `/bearer` takes tokens that are not bound, so DPoP is not required of the whole.
  const metadata = {
    resource: publicOrigin,
    authorization_servers: [issuer],
    scopes_supported: ['notes:read', 'notes:write'],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: PRESETS[preset].algorithms,
    dpop_bound_access_tokens_required: false,
  };
  app.get(METADATA_PATH, async () => metadata);
  return app;
}

/** The schemes of each mount. Offering two is passing two; `/either` is the lane for migrating. */
function createLanes(
  app: FastifyInstance,
  options: ResourceServerOptions,
  replay: ReplayStore,
): {
  readonly lanes: Record<string, readonly Authenticator[]>;
  readonly askedByProxies: readonly Authenticator[];
} {
  const { publicOrigin, issuer, introspection, nonces, preset } = options;
  const { fetch: ask = fetch, clock = systemClock } = options;
  const expected = { issuer, audience: publicOrigin, clock };
  const keys = createIssuerKeys({ issuer, clock, fetch: ask });
  const jwtTokens = createJwtVerifier({ ...expected, keys });
  const opaqueTokens = createIntrospectionVerifier({ ...expected, ...introspection, fetch: ask });

  const bearer = createBearerAuthenticator({ tokens: jwtTokens });
  const proofs = {
    ...targetOptions(app, publicOrigin, options),
    tokens: jwtTokens,
    preset,
    clock,
    // One store for all mounts: a proof is spent wherever it was spent.
    replay,
  };
  const dpop = createDpopAuthenticator(proofs);
  const lanes = {
    '/bearer': [bearer],
    '/opaque': [
      createBearerAuthenticator({ tokens: opaqueTokens }),
      createDpopAuthenticator({ ...proofs, tokens: opaqueTokens }),
    ],
    '/dpop': [dpop],
    '/dpop-nonce': [createDpopAuthenticator({ ...proofs, nonces })],
    '/either': [bearer, dpop],
  };
  // The URI a proxy asks about is the whole one; nothing has been stripped from it.
  const asked = createDpopAuthenticator({ ...proofs, mountPrefix: '' });
  return { lanes, askedByProxies: [bearer, asked] };
}

function subjectOf({ auth }: FastifyRequest): string {
  // With a word in front, so that no subject is taken for the holder of the API key.
  return `subject:${auth.claims.sub ?? auth.claims.client_id ?? ''}`;
}
