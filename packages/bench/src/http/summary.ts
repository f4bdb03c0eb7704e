import { availableParallelism } from 'node:os';
import { MAX_QUIET_SPREAD } from '../result.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { CONTENDERS, type HttpContender } from './contenders.ts';
import type { LoadSamples, Sample } from './measure.ts';
import type { Load } from './options.ts';
import { type Ratios, ratiosOf } from './ratios.ts';

/** What was measured of one contender under one load. */
export interface Row extends Pick<HttpContender, 'id' | 'name' | 'receives'> {
  readonly perSecond: Spread;
  /** Beside the bare route that receives the same requests. */
  readonly besideBare: Ratios;
  /** Beside the route that verifies one raw signature the same way, where there is one. */
  readonly besideRaw?: Ratios;
  /** Latency as the client sees it, in milliseconds: medians of the rounds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server process for each request. */
  readonly serverMicroseconds: Spread;
  /** Shares of one core, medians of the rounds. */
  readonly serverLoop: number;
  readonly serverCpu: number;
  readonly clientCpu: number;
  readonly limitedBy: Limit;
}

/**
 * What was busy all the time: the event loop of the server, the load generator, or all cores together. With
 * none of them busy, requests wait for the way there and back.
 */
export type Limit = 'server' | 'client' | 'cores' | 'nothing';

/** All contenders under one load. */
export interface LoadSummary extends Load {
  readonly rows: readonly Row[];
  /** p90 / p10 of the requests a second of the bare route: what the machine did. */
  readonly bareSpread: number;
  readonly isNoisy: boolean;
}

/** From this share of a core on, something counts as busy all the time. */
const BUSY = 0.9;

export function summarize(measured: LoadSamples): LoadSummary {
  const rows = CONTENDERS.map((contender, i) =>
    summarizeOne(contender, measured.samples[i] ?? [], measured),
  );
  const bare = rows.filter((_row, i) => CONTENDERS[i]?.does === 'bare');
  const bareSpread = Math.max(...bare.map(({ perSecond: { p10, p90 } }) => p90 / p10));
  return { ...measured.load, rows, bareSpread, isNoisy: bareSpread > MAX_QUIET_SPREAD };
}

function summarizeOne(
  { id, name, receives, does, thread }: HttpContender,
  samples: readonly Sample[],
  measured: LoadSamples,
): Row {
  const spread = (figure: keyof Sample): Spread => spreadOf(samples.map((one) => one[figure]));
  const serverLoop = spread('serverLoop').median;
  const serverCpu = spread('serverCpu').median;
  const clientCpu = spread('clientCpu').median;
  const yardstick = CONTENDERS.find(
    (other) => other.does === 'bare' && other.receives === receives,
  );
  const raw = CONTENDERS.find((other) => other.does === 'raw' && other.thread === thread);
  return {
    id,
    name,
    receives,
    perSecond: spread('perSecond'),
    besideBare: ratiosOf(measured, id, yardstick?.id ?? id),
    ...(does === 'all' && raw && { besideRaw: ratiosOf(measured, id, raw.id) }),
    p50: spread('p50').median,
    p99: spread('p99').median,
    serverMicroseconds: spread('serverMicroseconds'),
    serverLoop,
    serverCpu,
    clientCpu,
    limitedBy: limitOf(serverLoop, serverCpu, clientCpu),
  };
}

function limitOf(serverLoop: number, serverCpu: number, client: number): Limit {
  // One that never sleeps is busy whatever it does.
  const clientCpu = Number.isNaN(client) ? 0 : client;
  if (Math.max(serverLoop, clientCpu) >= BUSY) return serverLoop >= clientCpu ? 'server' : 'client';
  return serverCpu + clientCpu >= BUSY * availableParallelism() ? 'cores' : 'nothing';
}
