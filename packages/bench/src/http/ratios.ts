import { type Spread, spreadOf } from '../spread.ts';
import { CONTENDERS } from './contenders.ts';
import type { LoadSamples, Sample } from './measure.ts';

/** How one contender did beside another, round by round. */
export interface Ratios {
  /** Requests a second. */
  readonly perSecond: Spread;
  /**
   * The other's CPU time of the server for each request, divided by its own: above 1 is better, like
   * above. The load generator has no influence on it, and a busy machine has little.
   */
  readonly byCpu: Spread;
}

/** @throws Error when one of them was not measured. */
export function ratiosOf({ samples }: LoadSamples, id: string, otherId: string): Ratios {
  const [own, other] = [id, otherId].map(
    (wanted) => samples[CONTENDERS.findIndex((contender) => contender.id === wanted)],
  );
  if (own === undefined || other === undefined) throw new Error(`${id} or ${otherId} is missing`);
  const divide = (ratio: (one: Sample, by: Sample) => number): Spread =>
    spreadOf(own.flatMap((one, round) => (other[round] ? [ratio(one, other[round])] : [])));
  return {
    perSecond: divide((one, by) => one.perSecond / by.perSecond),
    byCpu: divide((one, by) => by.serverMicroseconds / one.serverMicroseconds),
  };
}
