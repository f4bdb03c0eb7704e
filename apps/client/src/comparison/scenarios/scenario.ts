import type { Lane, LaneId } from '../lanes.ts';
import type { MaliciousApi } from '../malicious-api.ts';
import type { RefusalReason } from '../refusal.ts';
import type { UserClient } from '../user-client.ts';
import type { WireResponse } from '../wire.ts';

/** What must happen in a cell: let in, or refused for a named reason. */
export type Expectation = 'served' | RefusalReason;

/** What a scenario has to work with. */
export interface Stage {
  readonly lane: Lane;
  /** The thief's way to the network. */
  readonly thief: { readonly fetch: typeof fetch };
  readonly maliciousApi: MaliciousApi;
  /** Lets time pass. */
  readonly sleep: (seconds: number) => Promise<void>;
}

/** One story, played in every lane that has what it needs. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What the thief has and does, for people. */
  readonly story: string;
  /** Honest use, a theft, or what no key stops. */
  readonly kind: 'honest' | 'theft' | 'limit';
  /** Lanes that are left out do not have what the story needs. */
  readonly expected: Readonly<Partial<Record<LaneId, Expectation>>>;
  /** Undefined when the servers at hand do not offer what the story needs. */
  play(stage: Stage): Promise<WireResponse | undefined>;
}

type Expected = Scenario['expected'];

const COPY_IS_ENOUGH: Expected = {
  'api-key': 'served',
  'opaque-bearer': 'served',
  'jwt-bearer': 'served',
};

export const SERVED_WITH_KEYS: Expected = { dpop: 'served', 'dpop-nonce': 'served' };
export const SERVED_EVERYWHERE: Expected = { ...COPY_IS_ENOUGH, ...SERVED_WITH_KEYS };

/** Served wherever a copied credential is enough, refused for one reason where a key is needed. */
export function stoppedBy(reason: RefusalReason): Expected {
  return { ...COPY_IS_ENOUGH, dpop: reason, 'dpop-nonce': reason };
}

/** Leaves out the API key, which nobody grants, refreshes or redeems. */
export function exceptApiKey({ 'api-key': _, ...expected }: Expected): Expected {
  return expected;
}

/** A story about a person who signs in through the public client of a lane. */
export function withApp(
  play: (app: UserClient, stage: Stage) => Promise<WireResponse>,
): Scenario['play'] {
  return async (stage) => (stage.lane.app === undefined ? undefined : play(stage.lane.app, stage));
}
