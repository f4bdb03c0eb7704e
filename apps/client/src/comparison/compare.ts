import { setTimeout as delay } from 'node:timers/promises';
import { type Lane, type LaneId, type LaneSettings, openLanes } from './lanes.ts';
import { startMaliciousApi } from './malicious-api.ts';
import type { Refusal } from './refusal.ts';
import type { Expectation, Scenario, Stage } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { credentialBytes } from './wire.ts';

/** One scenario in one lane; what a refusal says is undefined when the request was let in. */
export interface Cell extends Refusal {
  readonly lane: LaneId;
  readonly status: number;
  readonly expected: Expectation;
  /** Whether what happened is what must happen. */
  readonly asExpected: boolean;
}

/** One scenario in all lanes. */
export interface Row extends Pick<Scenario, 'id' | 'title' | 'story' | 'kind'> {
  /** Lanes that do not have what the story needs are missing. */
  readonly cells: readonly Cell[];
}

/** What a lane costs an honest client. */
export interface Cost {
  readonly lane: LaneId;
  /** Bytes of the credential fields of one request. */
  readonly credentialBytes: number;
  /** Median time of one request on this machine, in milliseconds. */
  readonly medianMs: number;
  /** Requests it took to get the first answer. */
  readonly firstRoundTrips: number;
}

/** The whole comparison. */
export interface Report {
  readonly issuer: string;
  readonly resource: string;
  readonly rows: readonly Row[];
  readonly costs: readonly Cost[];
  /** Whether every cell is as it must be. */
  readonly asExpected: boolean;
}

/** Hears of each step: a sentence for people. */
export type OnProgress = (sentence: string) => void;

const TIMED_REQUESTS = 30;

/**
 * Plays every scenario in every lane against running servers.
 *
 * @param sleep - lets time pass; for tests
 */
export async function compare(
  settings: LaneSettings,
  onProgress: OnProgress,
  sleep: Stage['sleep'] = (seconds) => delay(seconds * 1000),
): Promise<Report> {
  const maliciousApi = await startMaliciousApi();
  try {
    onProgress('opening the lanes: keys, tokens, a person signs in');
    const lanes = await openLanes(settings, [maliciousApi.origin]);
    const costs = await measureCosts(lanes, onProgress);
    const rows: Row[] = [];
    const stage: Omit<Stage, 'lane'> = {
      maliciousApi,
      sleep(seconds) {
        if (seconds >= 1) onProgress(`waiting ${Math.ceil(seconds)} s`);
        return sleep(seconds);
      },
    };
    for (const [index, scenario] of SCENARIOS.entries()) {
      onProgress(`${index + 1}/${SCENARIOS.length} ${scenario.title}`);
      rows.push(await playEverywhere(scenario, lanes, stage));
    }
    const asExpected = rows.every(({ cells }) => cells.every((cell) => cell.asExpected));
    return { issuer: settings.issuer, resource: settings.resource, rows, costs, asExpected };
  } finally {
    await maliciousApi.close();
  }
}

async function playEverywhere(
  scenario: Scenario,
  lanes: readonly Lane[],
  stage: Omit<Stage, 'lane'>,
): Promise<Row> {
  const cells: Cell[] = [];
  for (const lane of lanes) {
    const expected = scenario.expected[lane.id];
    if (expected === undefined) continue;
    await lane.renew();
    const response = await scenario.play({ ...stage, lane });
    if (response === undefined) continue;
    const { status, reason, sentence } = response;
    const asExpected = expected === 'served' ? status < 300 : status >= 400 && reason === expected;
    cells.push({ lane: lane.id, status, reason, sentence, expected, asExpected });
  }
  const { id, title, story, kind } = scenario;
  return { id, title, story, kind, cells };
}

/** Times the honest client, all lanes in turn, so that a slow moment hits every one alike. */
async function measureCosts(lanes: readonly Lane[], onProgress: OnProgress): Promise<Cost[]> {
  onProgress(`timing ${TIMED_REQUESTS} honest requests in each lane`);
  const first = new Map<LaneId, number>();
  const times = new Map<LaneId, number[]>();
  for (const lane of lanes) {
    await lane.token();
    await lane.send(lane.notesUrl);
    first.set(lane.id, lane.sent());
    times.set(lane.id, []);
  }
  for (let i = 0; i < TIMED_REQUESTS; i++) {
    for (const lane of lanes) {
      const start = performance.now();
      await lane.send(lane.notesUrl);
      times.get(lane.id)?.push(performance.now() - start);
    }
  }
  return Promise.all(
    lanes.map(async (lane) => ({
      lane: lane.id,
      credentialBytes: credentialBytes((await lane.send(lane.notesUrl)).request),
      medianMs: median(times.get(lane.id) ?? []),
      firstRoundTrips: first.get(lane.id) ?? 0,
    })),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
