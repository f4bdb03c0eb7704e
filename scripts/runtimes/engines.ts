/** A JavaScript runtime that the packages are said to run on. */
export interface Engine {
  readonly name: string;
  /** What the table calls it; the version stands behind. */
  readonly title: string;
  readonly kind: 'node' | 'bun' | 'deno' | 'workerd' | 'chromium';
  /** The npm package that has it; Chromium is the system's. */
  readonly source?: { readonly package: string; readonly version: string };
  /** Which answer to `#crypto` of core is right there. */
  readonly crypto: 'node' | 'web';
}

/** The oldest supported Node, the newest of each line, and every other runtime the READMEs name. */
export const ENGINES: readonly Engine[] = [
  node('20.19.0'),
  node('22.23.3'),
  node('24.21.0'),
  node('26.10.0'),
  {
    name: 'bun',
    title: 'Bun',
    kind: 'bun',
    source: { package: 'bun', version: '1.4.5' },
    crypto: 'web',
  },
  {
    name: 'deno',
    title: 'Deno',
    kind: 'deno',
    source: { package: 'deno', version: '2.9.6' },
    crypto: 'web',
  },
  {
    name: 'workerd',
    title: 'workerd',
    kind: 'workerd',
    // It pins the workerd that belongs to it.
    source: { package: 'miniflare', version: '4.20260730.0' },
    crypto: 'web',
  },
  { name: 'chromium', title: 'Chromium', kind: 'chromium', crypto: 'web' },
];

/** The day whose behaviour workerd shows; not later than the pinned workerd. */
export const COMPATIBILITY_DATE = '2026-07-30';

/** Engines that may be missing where `CI` is set, each with its reason. Missing is never passed. */
export const ALLOWED_ABSENCES: Readonly<Record<string, string>> = {};

function node(version: string): Engine {
  return {
    name: `node-${version.split('.')[0]}`,
    title: 'Node',
    kind: 'node',
    source: { package: 'node', version },
    crypto: 'node',
  };
}
