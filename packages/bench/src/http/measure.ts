import { bearerRequest, createToken, dpopRequest } from '../requests.ts';
import type { HttpContender } from './contenders.ts';
import { openClient } from './load.ts';
import type { Load, Options } from './options.ts';
import type { ServerProcess } from './server-process.ts';
import { SUITE } from './suite.ts';
import { requestOctets } from './wire.ts';

/** One contender under one load in one round. */
export interface Sample {
  readonly perSecond: number;
  /** Latency as the client sees it, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server process for each request, in microseconds. */
  readonly serverMicroseconds: number;
  /** Shares of one core: the server's event loop, the whole server process, the load generator. */
  readonly serverLoop: number;
  readonly serverCpu: number;
  readonly clientCpu: number;
}

/** All samples under one load: for each contender, one a round. */
export interface LoadSamples {
  readonly load: Load;
  readonly samples: readonly (readonly Sample[])[];
}

type RequestsByScheme = Readonly<Record<HttpContender['receives'], readonly Buffer[]>>;

/**
 * Loads the servers in turns: every round gives each of them the same requests, in an order that moves
 * on by one. The others have nothing to do meanwhile.
 */
export async function measureServers(
  servers: readonly ServerProcess[],
  { rounds, warmUp, loads }: Options,
): Promise<readonly LoadSamples[]> {
  const createRequests = createRequestFactory();
  const results = loads.map((load) => ({ load, samples: servers.map((): Sample[] => []) }));
  for (let i = 0; i < warmUp.loads; i++) {
    const requests = createRequests(warmUp.load.requests);
    for (const server of servers) {
      await measureOne(server, warmUp.load, requests[server.contender.receives]);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { load, samples } of results) {
      // Each server remembers used proofs for itself, so the same ones are new to all of them. Made
      // anew for every load, because a proof is accepted for a minute.
      const requests = createRequests(load.requests);
      for (let turn = 0; turn < servers.length; turn++) {
        const i = (round + turn) % servers.length;
        const server = servers[i];
        if (server === undefined) continue;
        const sample = await measureOne(server, load, requests[server.contender.receives]);
        samples[i]?.push(sample);
      }
    }
  }
  return results;
}

/** One token of each kind for the whole run: whoever remembers tokens has seen it. */
function createRequestFactory(): (count: number) => RequestsByScheme {
  const bound = createToken(SUITE, SUITE.client);
  const bearer = requestOctets(bearerRequest(SUITE, createToken(SUITE)));
  return (count) => ({
    Bearer: Array.from({ length: count }, () => bearer),
    DPoP: Array.from({ length: count }, () => requestOctets(dpopRequest(SUITE, bound))),
  });
}

async function measureOne(
  { contender, port, usage }: ServerProcess,
  { connections }: Load,
  requests: readonly Buffer[],
): Promise<Sample> {
  const client = await openClient(port, connections, isSingleThreaded(contender));
  try {
    const before = await usage();
    const { seconds, latencies, cpuSeconds } = await client.run(requests);
    const after = await usage();
    const serverSeconds = after.cpuSeconds - before.cpuSeconds;
    latencies.sort();
    return {
      perSecond: requests.length / seconds,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      serverMicroseconds: (serverSeconds * 1e6) / requests.length,
      serverLoop: (after.loopSeconds - before.loopSeconds) / seconds,
      serverCpu: serverSeconds / seconds,
      clientCpu: cpuSeconds / seconds,
    };
  } catch (error) {
    throw new Error(`${contender.name}, ${contender.receives}, ${connections} connections`, {
      cause: error,
    });
  } finally {
    await client.close();
  }
}

/** Whether a server leaves the second core to the load generator all the time. */
function isSingleThreaded({ receives }: HttpContender): boolean {
  return receives === 'Bearer';
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
