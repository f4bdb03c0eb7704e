import type { Result } from './format.ts';
import type { Verdict } from './verdict.ts';

/** What became of a run. */
export interface Report {
  /** The software under test. */
  readonly software: { readonly name: string; readonly version?: string };
  /** How many results there are of each verdict. */
  readonly counts: Counts;
  /** In the order of the files. */
  readonly results: readonly CaseResult[];
}

/** How many cases ended with each verdict. */
export interface Counts {
  /** Cases with the right decision, and the right answer as far as it was told. */
  readonly passed: number;
  /**
   * Cases where the RFCs allow what the suite holds to be wrong, or a refusal or an acceptance shows
   * the wrong thing.
   */
  readonly warnings: number;
  /** Cases with the wrong decision, output, body or claims, or without an answer. */
  readonly failures: number;
  /** Cases whose outcome would say nothing, because what they stand on did not work. */
  readonly notTestable: number;
  /** Cases out of the scope of the software, or of a type this runner does not know. */
  readonly skipped: number;
}

/** What became of a case. */
export interface CaseResult {
  /** `<file>/<id>`. */
  readonly name: string;
  /** The name of the vector file. */
  readonly file: string;
  /** The `id` of the group. */
  readonly group: string;
  /** The type of the group; one this runner does not know when it is of a later version. */
  readonly type: string;
  /** The `id` of the case within its file. */
  readonly id: string;
  /** What is sent, in the words of the case. */
  readonly comment: string;
  /** The classes of faults the case is about; keys of `notes` of its file. */
  readonly flags: readonly string[];
  /** IDs of `requirements.json` that the case tests. */
  readonly requirements: readonly string[];
  /** What the case demands. */
  readonly result: Result;
  /** How the software did. */
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
