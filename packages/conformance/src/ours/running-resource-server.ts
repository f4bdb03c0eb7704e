import type { AddressInfo } from 'node:net';
import type { RsConfig } from '@keybound/dpop-vectors';
import { buildResourceServer } from '@keybound/resource-server';
import { issuerFetch } from './issuer.ts';
import { clockOf, type Moment, noncesOf } from './moment.ts';

/** Where no Redis server listens. */
const DEAD_REDIS = 'redis://127.0.0.1:1';

/** The resource server of the demonstration on a port of its own. */
export interface RunningResourceServer {
  readonly port: number;
  readonly moment: Moment;
  close(): Promise<void>;
}

/**
 * Starts it with what a configuration says. Its mounts decide which schemes a request may use: cases ask
 * for `/dpop/notes`, `/dpop-nonce/notes`, `/either/notes` or `/opaque/notes`.
 */
export async function startResourceServer(config: RsConfig): Promise<RunningResourceServer> {
  const moment: Moment = { now: config.clock, nonce: config.nonce };
  const app = await buildResourceServer({
    publicOrigin: config.origin,
    issuer: config.issuer,
    introspection: { clientId: 'api', clientSecret: 'secret' },
    apiKey: 'not-used-by-the-vectors',
    nonces: noncesOf(moment),
    fetch: issuerFetch(config),
    ...(config.replay === 'failing' && { redisUrl: DEAD_REDIS }),
    furtherOrigins: config.furtherOrigins ?? [],
    mountPrefix: config.mountPrefix ?? '',
    trustedProxies: config.trustedProxies ?? [],
    preset: config.preset,
    logLevel: 'silent',
    clock: clockOf(moment),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { port, moment, close: () => app.close() };
}
