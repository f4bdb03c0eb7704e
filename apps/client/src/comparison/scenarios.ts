import { API_THEFTS } from './scenarios/api-thefts.ts';
import { GRANT_THEFTS } from './scenarios/grant-thefts.ts';
import { HONEST_USE } from './scenarios/honest-use.ts';
import { LIMITS } from './scenarios/limits.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** The stories in the order in which they are told. */
export const SCENARIOS: readonly Scenario[] = [
  ...HONEST_USE,
  ...API_THEFTS,
  ...GRANT_THEFTS,
  ...LIMITS,
];
