import { type Clock, fetchIssuerMetadata, type IssuerMetadata, systemClock } from '@keybound/core';
import {
  type AccessTokenSource,
  createBearerFetch,
  createDpopFetch,
  type Signer,
} from '@keybound/signer';
import type { Environment } from './environment.ts';
import { openSignIns, type SignInSettings, type SignIns, type TokenKind } from './sign-ins.ts';
import type { Requester } from './user-client.ts';
import {
  createTap,
  type Exchange,
  readResponse,
  type WireRequest,
  type WireResponse,
} from './wire.ts';

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
}

/** What lies where the client keeps its secrets, for script that gets in there. */
export interface Stored {
  /** The access token, or the API key. */
  readonly credential: string;
  /** The private key, in the lanes that have one. */
  readonly privateKey: CryptoKey | undefined;
}

/** Where the honest client of a lane has its token and its key from. */
export interface Holding {
  readonly signer: Signer | undefined;
  readonly accessToken: AccessTokenSource;
  readStorage(): Promise<Stored>;
}

/**
 * Opens what the client of a lane holds.
 *
 * @param send - the way to the network, which is noted down
 */
export type OpenHolding = (
  lane: { readonly id: LaneId; readonly tokens: TokenKind | undefined },
  metadata: IssuerMetadata,
  send: typeof fetch,
) => Promise<Holding>;

/** The honest client in one lane. */
export interface Lane extends SignIns {
  readonly id: LaneId;
  /** The notes of this lane. */
  readonly notesUrl: string;
  /** The API without the lane's mount. */
  readonly resource: string;
  /** The client itself: its key, in the lanes that have one, and its way to the network. */
  readonly self: Requester;
  /** Sends a request with everything the lane puts on it. */
  send(url: string, init?: RequestInit): Promise<Exchange & { readonly response: WireResponse }>;
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
  readStorage(): Promise<Stored>;
}

/** Opens every lane: keys, tokens, a person who signs in. */
export async function openLanes(
  settings: LaneSettings,
  environment: Environment,
  openHolding: OpenHolding,
): Promise<readonly Lane[]> {
  const metadata = await fetchIssuerMetadata(settings.issuer, { fetch: environment.fetch });
  return Promise.all(
    LANES.map((entry) => openLane(entry, settings, metadata, environment, openHolding)),
  );
}

async function openLane(
  entry: (typeof LANES)[number],
  settings: LaneSettings,
  metadata: IssuerMetadata,
  environment: Environment,
  openHolding: OpenHolding,
): Promise<Lane> {
  const { id, mount, tokens } = entry;
  const { resource } = settings;
  const origins = [resource, environment.maliciousApi.origin];
  const tap = createTap('client', environment.fetch, environment.onExchange);
  // Token requests are noted down as well, but they are no requests of the lane.
  const authorizationTap = createTap('client', environment.fetch, environment.onExchange);
  const { signer, accessToken, readStorage } = await openHolding(
    entry,
    metadata,
    authorizationTap.fetch,
  );
  let latest: string | undefined;
  const token = async (rejected?: string): Promise<string> => {
    latest = await accessToken(rejected);
    return latest;
  };
  let lateness = 0;
  const clock: Clock = () => systemClock() - lateness;
  const clientFetch = signer
    ? createDpopFetch({ signer, accessToken: token, origins, fetch: tap.fetch, clock })
    : id === 'api-key'
      ? withApiKey(settings.apiKey, tap.fetch)
      : createBearerFetch({ accessToken: token, origins, fetch: tap.fetch });
  const self = { signer, fetch: authorizationTap.fetch };

  function last(): Exchange {
    const exchange = tap.passed.at(-1);
    if (exchange === undefined) throw new Error(`nothing was sent in lane ${id}`);
    return exchange;
  }

  return {
    ...(await openSignIns(settings, metadata, environment, tokens, self)),
    id,
    notesUrl: `${resource}${mount}/notes`,
    resource,
    self,
    readStorage,
    token: () => token(),
    async renew(): Promise<void> {
      await token(latest);
    },
    sent: () => tap.passed.length,
    async send(url, init): Promise<Exchange & { readonly response: WireResponse }> {
      const response = await readResponse(await clientFetch(url, init));
      return { ...last(), response };
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
      return last().request;
    },
  };
}

function withApiKey(apiKey: string, send: typeof fetch): typeof fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-api-key', apiKey);
    return send(input, { ...init, headers });
  };
}
