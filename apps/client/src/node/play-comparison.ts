import { setTimeout as delay } from 'node:timers/promises';
import {
  type AccessTokenSource,
  createClientCredentialsTokens,
  createMemoryStore,
  openSigner,
} from '@keybound/signer';
import { type Cell, compare, playCell, type Report } from '../comparison/compare.ts';
import type { Environment, OnProgress } from '../comparison/environment.ts';
import { type LaneSettings, type OpenHolding, openLanes } from '../comparison/lanes.ts';
import { SCENARIOS } from '../comparison/scenarios.ts';
import type { TokenKind } from '../comparison/sign-ins.ts';
import type { ClientIdentity } from '../comparison/user-client.ts';
import { startMaliciousServer } from './malicious-server.ts';
import { type Account, createScriptedPerson } from './scripted-person.ts';

/** Who everybody is when the comparison is played by a process. */
export interface ProcessSettings extends LaneSettings {
  /** Clients that act for themselves, by what their tokens are. */
  readonly clients: Readonly<Record<TokenKind, Required<ClientIdentity>>>;
  readonly account: Account;
}

/** A native client of this machine (RFC 8252 §7.3). */
const REDIRECT_URI = 'http://127.0.0.1/callback';

/**
 * Plays the comparison from this process.
 *
 * @param sleep - lets time pass; for tests
 */
export function playComparison(
  settings: ProcessSettings,
  onProgress: OnProgress,
  sleep: Environment['sleep'] = (seconds) => delay(seconds * 1000),
): Promise<Report> {
  return withEnvironment(settings, sleep, async (environment) => {
    onProgress('opening the lanes: keys, tokens, a person signs in');
    const lanes = await openLanes(settings, environment, holdingOf(settings));
    return compare(settings, lanes, environment, onProgress);
  });
}

/** Plays one scenario in every lane from this process, for pages that cannot. */
export function playScenario(settings: ProcessSettings, id: string): Promise<readonly Cell[]> {
  const sleep = (seconds: number): Promise<void> => delay(seconds * 1000);
  return withEnvironment(settings, sleep, async (environment) => {
    const scenario = SCENARIOS.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
    const lanes = await openLanes(settings, environment, holdingOf(settings));
    const cells: Cell[] = [];
    for (const lane of lanes) {
      const cell = await playCell(scenario, lane, environment);
      if (cell !== undefined) cells.push(cell);
    }
    return cells;
  });
}

async function withEnvironment<T>(
  { account }: ProcessSettings,
  sleep: Environment['sleep'],
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const maliciousApi = await startMaliciousServer();
  try {
    return await work({
      fetch,
      thiefFetch: fetch,
      maliciousApi,
      person: createScriptedPerson(account),
      redirectUri: REDIRECT_URI,
      sleep,
    });
  } finally {
    await maliciousApi.close();
  }
}

/** Clients that act for themselves, each with a memory of its own. */
function holdingOf({ clients, apiKey, resource }: ProcessSettings): OpenHolding {
  return async ({ id, tokens }, metadata, send) => {
    const store = createMemoryStore();
    const signer = tokens === 'dpop' ? await openSigner({ store, name: id }) : undefined;
    const accessToken: AccessTokenSource = tokens
      ? createClientCredentialsTokens({
          tokenEndpoint: String(metadata.token_endpoint),
          clientId: clients[tokens].id,
          clientSecret: clients[tokens].secret,
          resource,
          fetch: send,
          ...(signer && { signer }),
        })
      : async () => apiKey;
    return {
      signer,
      accessToken,
      async readStorage() {
        const kept = signer && (await store.get(`${id}:${signer.algorithm}`));
        const { privateKey } = (kept ?? {}) as Partial<CryptoKeyPair>;
        return { credential: await accessToken(), privateKey };
      },
    };
  };
}
