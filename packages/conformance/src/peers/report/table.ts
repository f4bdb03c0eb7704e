import type { CaseResult, Verdict } from '@keybound/dpop-vectors';

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The counts in the order of the columns of this report. */
export function countRow(results: readonly CaseResult[]): readonly string[] {
  const verdicts: readonly Verdict[] = ['passed', 'warning', 'failure', 'not-testable', 'skipped'];
  return verdicts.map((verdict) =>
    String(results.filter((result) => result.verdict === verdict).length),
  );
}

function escaped(cell: string): string {
  return cell.replace(/[|\\<]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
