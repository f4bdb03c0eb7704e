import type { Result } from './format.ts';
import type { Verdict } from './verdict.ts';

/** What became of a run. */
export interface Report {
  /** The software under test. */
  readonly software: { readonly name: string; readonly version?: string };
  readonly counts: Counts;
  /** In the order of the files. */
  readonly results: readonly CaseResult[];
}

export interface Counts {
  readonly passed: number;
  readonly warnings: number;
  readonly failures: number;
  readonly notTestable: number;
  readonly skipped: number;
}

/** What became of a case. */
export interface CaseResult {
  /** `<file>/<id>`. */
  readonly name: string;
  readonly file: string;
  readonly group: string;
  /** The type of the group; one this runner does not know when it is of a later version. */
  readonly type: string;
  readonly id: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly requirements: readonly string[];
  readonly result: Result;
  readonly verdict: Verdict;
  /** Why; none when the case has passed. */
  readonly sentences: readonly string[];
  /** What the case expects, in words. */
  readonly expected: string;
  /** What the software answered, in words; null when it gave no answer. */
  readonly came: string | null;
}

/** How many results there are of each verdict. */
export function countsOf(results: readonly CaseResult[]): Counts {
  const count = (verdict: Verdict): number =>
    results.filter((result) => result.verdict === verdict).length;
  return {
    passed: count('passed'),
    warnings: count('warning'),
    failures: count('failure'),
    notTestable: count('not-testable'),
    skipped: count('skipped'),
  };
}
