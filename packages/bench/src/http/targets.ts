import type { LoadSamples } from './measure.ts';
import { type Ratios, ratiosOf } from './ratios.ts';

/** What the plugin is to reach beside another contender, and what was measured. */
export interface Target extends Ratios {
  readonly what: string;
  readonly atLeast: number;
  /** The load it is about. */
  readonly connections: number;
  /** By requests a second. */
  readonly isMet: boolean;
}

const CONNECTIONS = 64;

interface Aim {
  readonly what: string;
  readonly atLeast: number;
  readonly ours: string;
  readonly other: string;
}

const AIMS: readonly Aim[] = [
  {
    what: 'DPoP beside oauth4webapi',
    atLeast: 5,
    ours: 'dpop-keybound-adaptive',
    other: 'dpop-oauth4webapi',
  },
  ...['adaptive', 'main', 'pool'].map((thread) => ({
    what: `DPoP beside one raw verify the same way, ${thread}`,
    atLeast: 0.9,
    ours: `dpop-keybound-${thread}`,
    other: `dpop-raw-${thread}`,
  })),
  {
    what: 'bearer, token seen before, beside the bare route',
    atLeast: 0.95,
    ours: 'bearer-keybound',
    other: 'bearer-bare',
  },
];

/** All targets; none when their load was not among those measured. */
export function judgeTargets(loads: readonly LoadSamples[]): readonly Target[] {
  const measured = loads.find(({ load }) => load.connections === CONNECTIONS);
  if (measured === undefined) return [];
  return AIMS.map(({ what, atLeast, ours, other }) => {
    const ratios = ratiosOf(measured, ours, other);
    return {
      what,
      atLeast,
      connections: CONNECTIONS,
      ...ratios,
      isMet: ratios.perSecond.median >= atLeast,
    };
  });
}
