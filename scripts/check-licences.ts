/**
 * `npm run check:licences`: the licences of everything that is installed. Whoever installs a package of ours
 * gets along with it only what is permissive; what we develop with may be a little more. A licence that
 * nobody named here is refused, and so is one that could only be guessed.
 */
import { isAllowed } from './licences/expression.ts';
import { type InstalledPackage, installedPackages } from './licences/installed.ts';

/** For dependencies of published packages, peers included. */
const PERMISSIVE = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'];

/** For what nobody gets from us: tools, and packages that only tests, benchmarks and apps use. */
const FOR_DEVELOPMENT = [
  ...PERMISSIVE,
  'BlueOak-1.0.0',
  // Public domain, or as good as that.
  'CC0-1.0',
  'Unlicense',
  'WTFPL',
  // Data: the list of SPDX exceptions.
  'CC-BY-3.0',
  // A port of Python's argument parser.
  'Python-2.0',
  // Used as it is and not passed on.
  'MPL-2.0',
];

const installed = installedPackages();
const runtime = installed.filter(({ isRuntime }) => isRuntime);
const development = installed.filter(({ isRuntime }) => !isRuntime);
const refused = [
  ...refusals(runtime, PERMISSIVE, 'published packages'),
  ...refusals(development, FOR_DEVELOPMENT, 'development'),
];

for (const sentence of refused) console.error(sentence);
if (refused.length > 0 || runtime.length === 0) process.exitCode = 1;
else {
  console.log(
    `published packages need ${runtime.length} of others, peers included: ${summary(runtime)}`,
  );
  console.log(`development needs ${development.length} more: ${summary(development)}`);
}

function refusals(
  packages: readonly InstalledPackage[],
  allowed: readonly string[],
  use: string,
): readonly string[] {
  return packages
    .filter(({ licence }) => !isAllowed(licence, allowed))
    .map(({ id, licence }) => `${id}: ${licence} is not allowed for ${use}`);
}

/** `12 MIT, 3 ISC`, the most frequent first. */
function summary(packages: readonly InstalledPackage[]): string {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `${count} ${licence}`)
    .join(', ');
}
