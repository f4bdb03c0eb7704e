import { createProof } from '@keybound/signer';
import type { OnProgress } from './environment.ts';
import type { Lane, LaneId } from './lanes.ts';
import { credentialBytes, type WireResponse } from './wire.ts';

/** What a lane costs an honest client, and the API. */
export interface Cost {
  readonly lane: LaneId;
  /** Bytes of the credential fields of one request. */
  readonly credentialBytes: number;
  /** Median time of one request on this machine, in milliseconds. */
  readonly medianMs: number;
  /** Median time of one proof, in microseconds, in the lanes that have proofs. */
  readonly signUs: number | undefined;
  /** Median time the API took over the credentials, in microseconds, where it says so. */
  readonly verifyUs: number | undefined;
  /** Requests it took to get the first answer. */
  readonly firstRoundTrips: number;
}

const TIMED_REQUESTS = 30;
/** Clocks of browsers are coarse, so several proofs are timed together. */
const TIMED_BATCHES = 9;
const PROOFS_A_BATCH = 20;

/** Times the honest client, all lanes in turn, so that a slow moment hits every one alike. */
export async function measureCosts(
  lanes: readonly Lane[],
  onProgress: OnProgress,
): Promise<Cost[]> {
  onProgress(`timing ${TIMED_REQUESTS} honest requests in each lane`);
  const first = new Map<LaneId, number>();
  const times = new Map<LaneId, number[]>();
  const verifying = new Map<LaneId, number[]>();
  for (const lane of lanes) {
    await lane.token();
    const before = lane.sent();
    await lane.send(lane.notesUrl);
    first.set(lane.id, lane.sent() - before);
    times.set(lane.id, []);
    verifying.set(lane.id, []);
  }
  for (let i = 0; i < TIMED_REQUESTS; i++) {
    for (const lane of lanes) {
      const start = performance.now();
      const { response } = await lane.send(lane.notesUrl);
      times.get(lane.id)?.push(performance.now() - start);
      const spent = spentVerifying(response);
      if (spent !== undefined) verifying.get(lane.id)?.push(spent);
    }
  }
  const costs: Cost[] = [];
  for (const lane of lanes) {
    costs.push({
      lane: lane.id,
      credentialBytes: credentialBytes((await lane.send(lane.notesUrl)).request),
      medianMs: median(times.get(lane.id) ?? []) ?? 0,
      signUs: await timeProofs(lane),
      verifyUs: median(verifying.get(lane.id) ?? []),
      firstRoundTrips: first.get(lane.id) ?? 0,
    });
  }
  return costs;
}

/** What the API says of itself in `Server-Timing`, in microseconds. */
function spentVerifying({ headers }: WireResponse): number | undefined {
  const [, milliseconds] = /(?:^|,)\s*auth;dur=([\d.]+)/.exec(headers['server-timing'] ?? '') ?? [];
  return milliseconds === undefined ? undefined : Number(milliseconds) * 1000;
}

async function timeProofs({
  self: { signer },
  notesUrl,
  token,
}: Lane): Promise<number | undefined> {
  if (signer === undefined) return undefined;
  const about = { method: 'GET', uri: notesUrl, accessToken: await token() };
  const batches: number[] = [];
  for (let batch = 0; batch < TIMED_BATCHES; batch++) {
    const start = performance.now();
    for (let i = 0; i < PROOFS_A_BATCH; i++) await createProof(signer, about);
    batches.push(((performance.now() - start) * 1000) / PROOFS_A_BATCH);
  }
  return median(batches);
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
