import { type Clock, fetchIssuerMetadata, systemClock } from '@keybound/core';
import {
  createBearerFetch,
  createClientCredentialsTokens,
  createDpopFetch,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { prepareSignIns, type SignInSettings, type SignIns, type TokenKind } from './sign-ins.ts';
import type { ClientIdentity } from './user-client.ts';
import { createTap, readResponse, type WireRequest, type WireResponse } from './wire.ts';

/** The lanes of the comparison, from the oldest form of credential to the strongest. */
export const LANES = [
  { id: 'api-key', title: 'API key', mount: '/api-key', tokens: undefined },
  { id: 'opaque-bearer', title: 'opaque bearer', mount: '/opaque', tokens: 'opaque' },
  { id: 'jwt-bearer', title: 'JWT bearer', mount: '/bearer', tokens: 'jwt' },
  { id: 'dpop', title: 'DPoP', mount: '/dpop', tokens: 'dpop' },
  { id: 'dpop-nonce', title: 'DPoP + nonce', mount: '/dpop-nonce', tokens: 'dpop' },
] as const;

export type LaneId = (typeof LANES)[number]['id'];

/** Whom the honest client is, and where. */
export interface LaneSettings extends SignInSettings {
  readonly issuer: string;
  readonly apiKey: string;
  /** Clients that act for themselves, by what their tokens are. */
  readonly clients: Readonly<Record<TokenKind, Required<ClientIdentity>>>;
}

/** A request of the honest client, as it went over the wire, and the answer. */
export interface Exchange {
  readonly request: WireRequest;
  readonly response: WireResponse;
}

/** The honest client in one lane. */
export interface Lane extends SignIns {
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
  /** Gets a new token, so that no story is played with one that is about to end. */
  renew(): Promise<void>;
}

/**
 * Opens every lane with fresh keys, and has a person sign in. The clients that act for themselves ask for
 * tokens when they first need them.
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
  const openSignIns = await prepareSignIns(settings, metadata);

  return Promise.all(
    LANES.map(async ({ id, mount, tokens }): Promise<Lane> => {
      const { clients, apiKey, resource } = settings;
      const signer = tokens === 'dpop' ? await createSigner() : undefined;
      const source = tokens
        ? createClientCredentialsTokens({
            tokenEndpoint,
            clientId: clients[tokens].id,
            clientSecret: clients[tokens].secret,
            resource,
            ...(signer && { signer }),
          })
        : async () => apiKey;
      let latest: string | undefined;
      const token = async (rejected?: string): Promise<string> => {
        latest = await source(rejected);
        return latest;
      };
      let lateness = 0;
      const clock: Clock = () => systemClock() - lateness;
      const tap = createTap();
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
        ...(await openSignIns(tokens, signer)),
        id,
        notesUrl: `${resource}${mount}/notes`,
        resource,
        signer,
        token: () => token(),
        async renew(): Promise<void> {
          await token(latest);
        },
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
