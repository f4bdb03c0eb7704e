import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages, ROOT } from '../published.ts';

/** What the lock file says of one folder in a `node_modules`, or of a workspace. */
interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  /** A link to a workspace, at `resolved`. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package of somebody else's that the lock file names. */
export interface LockedPackage {
  /** `name@version`. */
  readonly id: string;
  /** An SPDX expression; with `*` at its end it was guessed from a text. Undefined: nothing here states one. */
  readonly licence: string | undefined;
  /** Whether it comes along with a package of ours, or as what that needs as a peer. */
  readonly isRuntime: boolean;
}

/**
 * Every package that the lock file names, with the licence it states where it is installed. Packages for other
 * platforms are not here; the lock file knows the licences of most.
 *
 * @throws Error when the licence of an installed one was not read, or a dependency of a published package is
 * not locked.
 */
export function lockedPackages(): readonly LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const licences = readLicences();
  const runtime = runtimePaths(packages);
  const found = new Map<string, LockedPackage>();
  for (const [path, locked] of Object.entries<Locked>(packages)) {
    if (!path.includes('node_modules/') || locked.link) continue;
    const id = `${locked.name ?? nameOf(path)}@${locked.version}`;
    const isInstalled = existsSync(join(ROOT, path));
    if (isInstalled && !licences.has(id)) throw new Error(`${path}: its licence was not read`);
    const licence = licences.get(id) ?? locked.license;
    const isRuntime = runtime.has(path) || found.get(id)?.isRuntime === true;
    found.set(id, { id, licence, isRuntime });
  }
  return [...found.values()];
}

function readLicences(): ReadonlyMap<string, string> {
  const output = execFileSync('license-checker-rseidelsohn', ['--json', '--start', ROOT], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const read: Record<string, { readonly licenses: string | readonly string[] }> =
    JSON.parse(output);
  return new Map(
    // Several licences in the old form of a list leave it to the user which one counts.
    Object.entries(read).map(([id, { licenses }]) => [id, [licenses].flat().join(' OR ')]),
  );
}

/** The places of all that published packages depend on, through others too. */
function runtimePaths(packages: Readonly<Record<string, Locked>>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    for (const name of neededBy(packages[path] ?? {})) {
      const place = placeOf(packages, path, name);
      if (place === undefined) throw new Error(`${path} needs ${name}, which is not locked`);
      if (found.has(place)) continue;
      found.add(place);
      visit(place);
    }
  };
  for (const { shortName } of publishedPackages()) visit(`packages/${shortName}`);
  return found;
}

function neededBy(locked: Locked): readonly string[] {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = locked;
  const peers = Object.keys(peerDependencies).filter(
    (name) => !peerDependenciesMeta[name]?.optional,
  );
  return [...Object.keys(dependencies), ...peers];
}

/** Where a package finds another one: in its own `node_modules` or in that of a folder above it. */
function placeOf(
  packages: Readonly<Record<string, Locked>>,
  from: string,
  name: string,
): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(?:^|\/)[^/]+$/, '')) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const locked = packages[place];
    if (locked !== undefined) return locked.link ? locked.resolved : place;
    if (folder === '') return undefined;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
