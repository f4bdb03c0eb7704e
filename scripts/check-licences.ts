/**
 * `npm run check:licences`: the licences of everything in the lock file. Whoever installs a package of ours
 * gets along with it only what is permissive; what we develop with may be a little more. A licence that
 * nobody named here is refused, and so is one that could only be guessed.
 */
import { isAllowed } from './licences/expression.ts';
import { type LockedPackage, lockedPackages } from './licences/locked-packages.ts';

/** A package whose licence is known. */
type Known = LockedPackage & { readonly licence: string };

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

const packages = lockedPackages();
const known = packages.filter((one): one is Known => one.licence !== undefined);
const unknown = packages.filter(({ licence }) => licence === undefined);
const runtime = known.filter(({ isRuntime }) => isRuntime);
const development = known.filter(({ isRuntime }) => !isRuntime);
const refused = [
  ...refusals(runtime, PERMISSIVE, 'published packages'),
  ...refusals(development, FOR_DEVELOPMENT, 'development'),
  ...unknown.filter(({ isRuntime }) => isRuntime).map(({ id }) => `${id}: no licence is known`),
  ...(runtime.length === 0 ? ['published packages need nothing: that cannot be'] : []),
];

for (const sentence of refused) console.error(sentence);
if (refused.length > 0) process.exitCode = 1;
console.log(`published packages need ${runtime.length}, peers included: ${summary(runtime)}`);
console.log(`development needs ${development.length} more: ${summary(development)}`);
console.log(
  `${unknown.length} for other platforms are not installed, and their licences not known`,
);

function refusals(
  packages: readonly Known[],
  allowed: readonly string[],
  use: string,
): readonly string[] {
  return packages
    .filter(({ licence }) => !isAllowed(licence, allowed))
    .map(({ id, licence }) => `${id}: ${licence} is not allowed for ${use}`);
}

/** `12 MIT, 3 ISC`, the most frequent first. */
function summary(packages: readonly Known[]): string {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `${count} ${licence}`)
    .join(', ');
}
