/** What a release writes, and whether it is what the rules of this repository say. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { caretAllows } from '../adapter-releases.ts';
import { LOCKFILE, REPEATED_MEMBERS } from '../lockfile.ts';
import { run } from './command.ts';
import {
  adaptersOf,
  CORE,
  FIXED_GROUP,
  publishedOf,
  type Workspace,
  workspacesIn,
} from './workspaces.ts';

const NO_VERSION = '0.0.0';

/** Writes versions and change logs in a copy, as the release workflow does. */
export async function writeVersions(copy: string): Promise<readonly Workspace[]> {
  await run('npm', ['run', 'version-packages'], {
    cwd: copy,
    promise: 'npm run version-packages writes versions from the changesets',
  });
  return workspacesIn(copy);
}

/** Everything about the versions in a copy that is not as it has to be before packages are published. */
export function versionFaults(copy: string, before: readonly Workspace[]): readonly string[] {
  const workspaces = workspacesIn(copy);
  const versions = new Map(workspaces.map(({ manifest }) => [manifest.name, manifest.version]));
  return [
    ...groupFaults(versions),
    ...publishedOf(workspaces).flatMap((workspace) => publishedFaults(copy, workspace, versions)),
    ...adapterFaults(workspaces),
    ...privateFaults(workspaces, before),
    ...siblingFaults(workspaces, versions),
    ...lockFaults(copy, workspaces),
  ];
}

function groupFaults(versions: ReadonlyMap<string, string>): readonly string[] {
  const numbers = FIXED_GROUP.map((name) => `${name} ${versions.get(name)}`);
  const isOne = new Set(FIXED_GROUP.map((name) => versions.get(name))).size === 1;
  return isOne ? [] : [`the fixed group has several numbers: ${numbers.join(', ')}`];
}

function publishedFaults(
  copy: string,
  { folder, manifest }: Workspace,
  versions: ReadonlyMap<string, string>,
): readonly string[] {
  const { name, version, dependencies, peerDependencies, optionalDependencies } = manifest;
  const faults: string[] = [];
  if (version === NO_VERSION) faults.push(`${name} has no version: nothing released it`);
  if (!existsSync(join(copy, folder, 'CHANGELOG.md'))) faults.push(`${name} has no CHANGELOG.md`);
  const needed = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  for (const [dependency, range] of Object.entries(needed)) {
    if (range.startsWith('workspace:') || range.includes(NO_VERSION)) {
      faults.push(
        `${name} would be published with ${dependency}@${range}, which nobody can install`,
      );
    } else if (versions.has(dependency) && !range.startsWith('^')) {
      faults.push(
        `${name} takes ${dependency}@${range}; honest is ^ and the version it is tested with`,
      );
    } else if (versions.has(dependency) && !caretAllows(range, versions.get(dependency) ?? '')) {
      faults.push(`${name} needs ${dependency}@${range}, and there is ${versions.get(dependency)}`);
    }
  }
  return faults;
}

/** An adapter with a core of its own would check with one copy what another one made. */
function adapterFaults(workspaces: readonly Workspace[]): readonly string[] {
  const faults = publishedOf(workspaces)
    .filter(({ manifest }) => !FIXED_GROUP.includes(manifest.name))
    .filter(({ manifest }) => manifest.dependencies?.[CORE] !== undefined)
    .map(
      ({ manifest }) => `${manifest.name} has ${CORE} as a dependency, and must take it as a peer`,
    );
  if (adaptersOf(workspaces).length === 0) faults.push(`no adapter takes ${CORE} as a peer`);
  return faults;
}

function privateFaults(
  workspaces: readonly Workspace[],
  before: readonly Workspace[],
): readonly string[] {
  return workspaces.flatMap(({ manifest }) => {
    if (manifest.private !== true) return [];
    const earlier = before.find((workspace) => workspace.manifest.name === manifest.name);
    if (earlier?.manifest.version === manifest.version) return [];
    return [`${manifest.name} is private and got the version ${manifest.version}`];
  });
}

/** A range that its sibling does not meet would have `npm ci` ask a registry for our own package. */
function siblingFaults(
  workspaces: readonly Workspace[],
  versions: ReadonlyMap<string, string>,
): readonly string[] {
  return workspaces.flatMap(({ manifest }) => {
    const { name, dependencies, devDependencies } = manifest;
    return Object.entries({ ...devDependencies, ...dependencies }).flatMap(([needed, range]) => {
      const version = versions.get(needed);
      if (version === undefined) return [];
      const fits = range.startsWith('^') ? caretAllows(range, version) : range === version;
      return fits ? [] : [`${name} needs ${needed}@${range}, and this repository has ${version}`];
    });
  });
}

/** npm repeats manifests of workspaces in the lock file, and believes what it finds there. */
function lockFaults(copy: string, workspaces: readonly Workspace[]): readonly string[] {
  const lock = JSON.parse(readFileSync(join(copy, LOCKFILE), 'utf8'));
  return workspaces.flatMap(({ folder, manifest }) =>
    REPEATED_MEMBERS.filter(
      (member) => !isDeepStrictEqual(lock.packages[folder]?.[member], manifest[member]),
    ).map((member) => `${LOCKFILE} differs from ${folder}/package.json in ${member}`),
  );
}
