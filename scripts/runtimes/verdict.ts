import { LEFT_OUT, type Shortfall, type SuiteReport } from './engine/report.ts';
import type { KnownDifference } from './known-differences.ts';

/** What became of a suite on an engine. */
export interface Verdict {
  readonly passed: number;
  /** How many tests were left out or differ, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** What is wrong, one sentence each; none when the suite has passed. */
  readonly faults: readonly string[];
}

/**
 * Judges a report. Only what passed counts as passed; a test that asked for something the engine does not
 * have is left out, and so is one that a known difference names. All else is a fault: a failed test, a
 * file that could not be read or is empty, a suite in which nothing passed, and a known difference that
 * no test shows any more.
 */
export function verdictOf(report: SuiteReport, known: readonly KnownDifference[]): Verdict {
  const leftOut: Record<string, number> = {};
  const shown = new Set<KnownDifference>();
  const faults: string[] = [];

  function count({ title, messages }: Shortfall): void {
    const differences = known.filter((one) => title.includes(one.title));
    for (const difference of differences) shown.add(difference);
    const reason = messages.find(isLeftOut)?.slice(LEFT_OUT.length) ?? differences[0]?.reason;
    if (reason === undefined) faults.push(sentence({ title, messages }));
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }

  for (const one of report.others) count(one);
  faults.push(...report.broken.map(sentence));
  if (report.passed === 0) faults.push('no test has passed');
  for (const difference of known) {
    if (!shown.has(difference)) {
      faults.push(`no test shows the known difference "${difference.title}" any more`);
    }
  }
  return { passed: report.passed, leftOut, faults };
}

function isLeftOut(message: string): boolean {
  return message.startsWith(LEFT_OUT);
}

function sentence({ title, messages }: Shortfall): string {
  return `${title}: ${messages.join(' | ')}`;
}
