import type { Environment } from '../../comparison/environment.ts';
import { type Holding, type Lane, type OpenHolding, openLanes } from '../../comparison/lanes.ts';
import { TARGET_PARAMETER } from '../../comparison/malicious-api.ts';
import type { Exchange } from '../../comparison/wire.ts';
import type { LabConfig } from '../lab-config.ts';
import { TEXTS } from '../texts.ts';
import type { Desk } from './desk.ts';
import { KEY_NAME, type Visitor } from './sign-in.ts';

/** The comparison, ready to be played in this page. */
export interface Stage {
  readonly lanes: readonly Lane[];
  readonly environment: Environment;
}

/** Opens the lanes with the visitor's own tokens and key; the thief is at the desk. */
export async function openStage(
  config: LabConfig,
  visitor: Visitor,
  desk: Desk,
  onExchange: (exchange: Exchange) => void,
): Promise<Stage> {
  const { deskOrigin } = config;
  let play = '';
  const environment: Environment = {
    // The global function refuses to be called as anybody's method.
    fetch: (input, init) => fetch(input, init),
    thiefFetch: desk.fetch,
    maliciousApi: {
      origin: deskOrigin,
      urlFor(target): string {
        play = crypto.randomUUID();
        const query = new URLSearchParams({ [TARGET_PARAMETER]: target });
        return `${deskOrigin}/malicious-api/${play}/notes?${query}`;
      },
      lastReceived: () => desk.received(play),
    },
    person: { approve: askServerToApprove },
    redirectUri: `${config.labOrigin}/callback.html`,
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    onExchange,
  };
  const { issuer, resource, apiKey, apps } = config;
  const settings = { issuer, resource, apiKey, apps };
  const lanes = await openLanes(settings, environment, holdingOf(config, visitor));
  return { lanes, environment };
}

/** Alice signs in anew for stories about codes; the lab's server plays her. */
async function askServerToApprove(url: string): Promise<URL> {
  const response = await fetch('/person', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  });
  if (response.status === 404) throw new Error(TEXTS.play.noPerson);
  if (!response.ok) throw new Error(`the scripted sign-in failed with status ${response.status}`);
  return new URL((await response.json()).url);
}

function holdingOf({ apiKey }: LabConfig, { signer, store, tokens }: Visitor): OpenHolding {
  return async ({ tokens: kind }): Promise<Holding> => {
    if (kind === undefined) {
      return {
        signer: undefined,
        accessToken: async () => apiKey,
        readStorage: async () => ({ credential: apiKey, privateKey: undefined }),
      };
    }
    const { accessToken } = tokens[kind];
    return {
      signer: kind === 'dpop' ? signer : undefined,
      accessToken,
      async readStorage() {
        // What any script of this origin can read, by the way this client itself does.
        const keys = kind === 'dpop' && (await store.get(`${KEY_NAME}:${signer.algorithm}`));
        const { privateKey } = (keys || {}) as Partial<CryptoKeyPair>;
        return { credential: await accessToken(), privateKey };
      },
    };
  };
}
