/**
 * `npm run check:sizes`: what a page loads for each entry of our packages, dependencies included. Each row of
 * `sizes/limits.json` is bundled for the browser, minified and compressed; it must stay below its limit and
 * hold nothing that a browser does not have. `-- --write` sets the limits anew, 5 % above what was measured.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { publishedPackages, ROOT } from './published.ts';
import { type BundledRow, bundleForBrowser, type Row } from './sizes/bundle.ts';

/** Of an entry that only one runtime has; bundled for no browser. */
interface RuntimeRow {
  readonly entry: string;
  readonly runsOn: 'node';
}

const LIMITS = join(ROOT, 'scripts/sizes/limits.json');
const ROOM = 1.05;

const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;
const rows: readonly (Row | RuntimeRow)[] = JSON.parse(readFileSync(LIMITS, 'utf8'));
const measured = await Promise.all(rows.filter((row) => 'gzipBytes' in row).map(bundleForBrowser));

if (write) {
  const limits = new Map(measured.map(({ row, gzipBytes }) => [row, gzipBytes]));
  const next = rows.map((row) => {
    const bytes = limits.get(row as Row);
    return bytes === undefined ? row : { ...row, gzipBytes: Math.ceil((bytes * ROOM) / 50) * 50 };
  });
  writeFileSync(LIMITS, `${JSON.stringify(next, null, 2)}\n`);
}
printTable(measured);
const faults = [...coverageFaults(), ...measured.flatMap(faultsOf)];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

/** Every entry has a row for the whole of it, so that none goes unmeasured. */
function coverageFaults(): readonly string[] {
  const entries = publishedPackages().flatMap(({ entries }) =>
    entries.map(({ specifier }) => specifier),
  );
  const whole = new Set(rows.filter((row) => !('imports' in row)).map(({ entry }) => entry));
  return [
    ...entries
      .filter((entry) => !whole.has(entry))
      .map((entry) => `${entry}: limits.json has no row`),
    ...rows
      .filter(({ entry }) => !entries.includes(entry))
      .map(({ entry }) => `${entry}: limits.json has a row, and there is no such entry`),
  ];
}

function faultsOf({ row, gzipBytes, foreign }: BundledRow): readonly string[] {
  const isOver = !write && gzipBytes > row.gzipBytes;
  return [
    ...(isOver
      ? [`${nameOf(row)}: ${gzipBytes} bytes are above the limit of ${row.gzipBytes}`]
      : []),
    ...foreign.map((what) => `${nameOf(row)}: the bundle holds ${what}`),
  ];
}

function printTable(results: readonly BundledRow[]): void {
  const lines = results.map(({ row, minifiedBytes, gzipBytes }) => [
    nameOf(row),
    ...[minifiedBytes, gzipBytes, row.gzipBytes].map(String),
  ]);
  const all = [['browser bundle, bytes', 'minified', 'gzip', 'limit'], ...lines];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  for (const [name = '', ...numbers] of all) {
    const cells = numbers.map((text, i) => text.padStart(widths[i + 1] ?? 0));
    console.log([name.padEnd(widths[0] ?? 0), ...cells].join('  '));
  }
}

function nameOf({ entry, imports }: Row): string {
  return imports === undefined ? entry : `${entry}, ${imports} alone`;
}
