import type { MaliciousApi } from './malicious-api.ts';
import type { Person } from './person.ts';
import type { Exchange } from './wire.ts';

/** Where the comparison is played: in a process, or in a page. */
export interface Environment {
  /** The `fetch` of the honest client. */
  readonly fetch: typeof fetch;
  /** The `fetch` of the thief, who is somewhere else. */
  readonly thiefFetch: typeof fetch;
  readonly maliciousApi: MaliciousApi;
  /** Who signs in for the stories about grants. */
  readonly person: Person;
  /** Where browsers bring the answer to the honest client. */
  readonly redirectUri: string;
  /** Lets time pass. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Hears of every request over the wire. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** Hears of each step: a sentence for people. */
export type OnProgress = (sentence: string) => void;
