import type { Answer } from './client.ts';

/** How often something happened, by name. */
export type Counts = Record<string, number>;

/** Counts an answer under its status and what its body says. */
export function countAnswer(counts: Counts, { status, error, description }: Answer): void {
  const name = `answers ${status} ${error === 'invalid_dpop_proof' ? description : error}`.trim();
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Prints numbers for whoever reads the run. */
export function printCounts(title: string, counts: Counts): void {
  const rows = Object.entries(counts).map(
    ([name, value]) => `${String(value).padStart(9)}  ${name}`,
  );
  process.stdout.write(`\n${title}\n${rows.join('\n')}\n`);
}
