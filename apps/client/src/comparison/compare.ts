import { type Cost, measureCosts } from './costs.ts';
import type { Environment, OnProgress } from './environment.ts';
import type { Lane, LaneId } from './lanes.ts';
import type { Refusal } from './refusal.ts';
import type { Expectation, Scenario } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { createTap } from './wire.ts';

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

/** The whole comparison. */
export interface Report {
  readonly issuer: string;
  readonly resource: string;
  readonly rows: readonly Row[];
  readonly costs: readonly Cost[];
  /** Whether every cell is as it must be. */
  readonly asExpected: boolean;
}

/** Plays every scenario in every lane against running servers. */
export async function compare(
  servers: Pick<Report, 'issuer' | 'resource'>,
  lanes: readonly Lane[],
  environment: Environment,
  onProgress: OnProgress,
): Promise<Report> {
  const costs = await measureCosts(lanes, onProgress);
  const rows: Row[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    onProgress(`${index + 1}/${SCENARIOS.length} ${scenario.title}`);
    const cells: Cell[] = [];
    for (const lane of lanes) {
      const cell = await playCell(scenario, lane, {
        ...environment,
        sleep(seconds) {
          if (seconds >= 1) onProgress(`waiting ${Math.ceil(seconds)} s`);
          return environment.sleep(seconds);
        },
      });
      if (cell !== undefined) cells.push(cell);
    }
    const { id, title, story, kind } = scenario;
    rows.push({ id, title, story, kind, cells });
  }
  const asExpected = rows.every(({ cells }) => cells.every((cell) => cell.asExpected));
  const { issuer, resource } = servers;
  return { issuer, resource, rows, costs, asExpected };
}

/** Plays one scenario in one lane; undefined when the lane or the servers lack what it needs. */
export async function playCell(
  scenario: Scenario,
  lane: Lane,
  environment: Environment,
): Promise<Cell | undefined> {
  const expected = scenario.expected[lane.id];
  if (expected === undefined) return undefined;
  const { thiefFetch, maliciousApi, sleep, onExchange } = environment;
  await lane.renew();
  const thief = createTap('thief', thiefFetch, onExchange);
  const response = await scenario.play({ lane, thief, maliciousApi, sleep });
  if (response === undefined) return undefined;
  const { status, reason, sentence } = response;
  const asExpected = expected === 'served' ? status < 300 : status >= 400 && reason === expected;
  return { lane: lane.id, status, reason, sentence, expected, asExpected };
}
