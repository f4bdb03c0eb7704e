import { type Clock, fetchIssuerMetadata, systemClock } from '@keybound/core';
import {
  createBearerFetch,
  createClientCredentialsTokens,
  createDpopFetch,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { createTap, readResponse, type WireRequest, type WireResponse } from './wire.ts';

/** The lanes of the comparison, from the oldest form of credential to the strongest. */
export const LANES = [
  { id: 'api-key', title: 'API key', mount: '/api-key' },
  { id: 'opaque-bearer', title: 'opaque bearer', mount: '/opaque' },
  { id: 'jwt-bearer', title: 'JWT bearer', mount: '/bearer' },
  { id: 'dpop', title: 'DPoP', mount: '/dpop' },
  { id: 'dpop-nonce', title: 'DPoP + nonce', mount: '/dpop-nonce' },
] as const;

export type LaneId = (typeof LANES)[number]['id'];

/** Whom the honest client is, and where. */
export interface LaneSettings {
  readonly issuer: string;
  readonly resource: string;
  readonly apiKey: string;
  readonly clients: Readonly<Record<'opaque' | 'jwt' | 'dpop', ClientCredentials>>;
}

/** A registered client. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

/** A request of the honest client, as it went over the wire, and the answer. */
export interface Exchange {
  readonly request: WireRequest;
  readonly response: WireResponse;
}

/** The honest client in one lane. */
export interface Lane {
  readonly id: LaneId;
  /** The notes of this lane. */
  readonly notesUrl: string;
  /** The API without the lane's mount. */
  readonly resource: string;
  /** The client's key, in the lanes that have one. */
  readonly signer: Signer | undefined;
  /** Sends a request with everything the lane puts on it. */
  send(url: string, init?: RequestInit): Promise<Exchange>;
  /**
   * The request the client would send, made some seconds ago and held back until now: a proxy that
   * lost the connection, a crash, a queue.
   */
  prepare(url: string, init?: RequestInit, madeSecondsAgo?: number): Promise<WireRequest>;
  /** How many requests have gone over the wire. */
  sent(): number;
  /** The token, for what a thief on the device can do. */
  token(): Promise<string>;
}

/**
 * Opens every lane with fresh keys. Tokens are asked for when first needed.
 *
 * @param trusted - origins beside the API that the client also calls with its credentials
 */
export async function openLanes(
  settings: LaneSettings,
  trusted: readonly string[],
): Promise<readonly Lane[]> {
  const metadata = await fetchIssuerMetadata(settings.issuer);
  const tokenEndpoint = String(metadata.token_endpoint);
  const origins = [settings.resource, ...trusted];

  return Promise.all(
    LANES.map(async ({ id, mount }): Promise<Lane> => {
      const isBound = id === 'dpop' || id === 'dpop-nonce';
      const signer = isBound ? await createSigner() : undefined;
      const tokensOf = ({ id: clientId, secret: clientSecret }: ClientCredentials) =>
        createClientCredentialsTokens({
          tokenEndpoint,
          clientId,
          clientSecret,
          resource: settings.resource,
          ...(signer && { signer }),
        });
      let lateness = 0;
      const clock: Clock = () => systemClock() - lateness;
      const tap = createTap();
      const { clients, apiKey, resource } = settings;

      const token = {
        'api-key': async () => apiKey,
        'opaque-bearer': tokensOf(clients.opaque),
        'jwt-bearer': tokensOf(clients.jwt),
        dpop: tokensOf(clients.dpop),
        'dpop-nonce': tokensOf(clients.dpop),
      }[id];
      const clientFetch = signer
        ? createDpopFetch({ signer, accessToken: token, origins, fetch: tap.fetch, clock })
        : id === 'api-key'
          ? withApiKey(apiKey, tap.fetch)
          : createBearerFetch({ accessToken: token, origins, fetch: tap.fetch });

      function lastRequest(): WireRequest {
        const request = tap.passed.at(-1);
        if (request === undefined) throw new Error(`nothing was sent in lane ${id}`);
        return request;
      }

      return {
        id,
        notesUrl: `${resource}${mount}/notes`,
        resource,
        signer,
        token: () => token(),
        sent: () => tap.passed.length,
        async send(url, init): Promise<Exchange> {
          const response = await readResponse(await clientFetch(url, init));
          return { request: lastRequest(), response };
        },
        async prepare(url, init, madeSecondsAgo = 0): Promise<WireRequest> {
          tap.mode = 'hold';
          lateness = madeSecondsAgo;
          try {
            await clientFetch(url, init);
          } finally {
            tap.mode = 'deliver';
            lateness = 0;
          }
          return lastRequest();
        },
      };
    }),
  );
}

function withApiKey(apiKey: string, send: typeof fetch): typeof fetch {
  return (input, init) => {
    const request = new Request(input, init);
    request.headers.set('x-api-key', apiKey);
    return send(request);
  };
}
