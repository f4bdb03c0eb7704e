/** What lies in a tarball: what `npm run check:package` wants there, and what only a release adds. */
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { contentFaults } from '../package/content-faults.ts';
import { publishedPackage } from '../published.ts';
import { run } from './command.ts';
import {
  type Manifest,
  readManifest,
  type Target,
  targetsOf,
  type Workspace,
} from './workspaces.ts';

/** A package as a registry would get it. */
export interface Tarball {
  readonly workspace: Workspace;
  readonly path: string;
}

/** A release has written one; before it, a package need not have any. */
const CHANGELOG = 'CHANGELOG.md';

/** Packs all packages of a copy as the release workflow does. */
export async function pack(
  copy: string,
  published: readonly Workspace[],
  env: NodeJS.ProcessEnv,
): Promise<readonly Tarball[]> {
  await run('npx', ['changeset', 'pack', '--out-dir', 'packed'], {
    cwd: copy,
    env,
    promise: 'changeset pack makes a tarball of each package',
  });
  const { plan } = JSON.parse(readFileSync(join(copy, 'packed', 'publish-plan.json'), 'utf8')) as {
    plan: { name: string; tarball: { path: string } }[][];
  };
  return published.map((workspace) => {
    const release = plan.flat().find(({ name }) => name === workspace.manifest.name);
    if (!release) throw new Error(`${workspace.manifest.name} was not packed`);
    return { workspace, path: join(copy, 'packed', release.tarball.path) };
  });
}

/** Everything in a tarball that is not as it has to be. */
export async function tarballFaults(
  { workspace, path }: Tarball,
  scratch: string,
): Promise<readonly string[]> {
  const folder = join(scratch, basename(path, '.tgz'));
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', path, '-C', folder, '--strip-components=1'], {
    cwd: scratch,
    promise: `${basename(path)} can be unpacked`,
  });
  const files = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, join(entry.parentPath, entry.name)));
  const manifest = readManifest(join(folder, 'package.json'));
  return [
    ...contentFaults(publishedPackage(folder), files),
    ...(files.includes(CHANGELOG) ? [] : [`the tarball has no ${CHANGELOG}`]),
    ...targetFaults(manifest, files),
    ...manifestFaults(manifest, workspace),
  ].map((fault) => `${workspace.manifest.name}: ${fault}`);
}

function targetFaults(manifest: Manifest, files: readonly string[]): readonly string[] {
  const { exports = {}, imports = {}, bin = {} } = manifest;
  const targets = [exports, imports, bin].flatMap((entries) =>
    Object.entries(entries).flatMap(([entry, target]) =>
      [...new Set(targetsOf(target))].map((path) => ({ entry, path: path.replace(/^\.\//, '') })),
    ),
  );
  if (Object.keys(exports).length === 0) return ['it has no exports'];
  return [
    ...targets
      .filter(({ path }) => !files.some((file) => fits(file, path)))
      .map(({ entry, path }) => `${entry} leads to ${path}, which is not in the tarball`),
    ...Object.entries(exports).flatMap(([entry, target]) => orderFaults(entry, target)),
  ];
}

function fits(file: string, path: string): boolean {
  const [start = '', end] = path.split('*');
  return end === undefined ? file === path : file.startsWith(start) && file.endsWith(end);
}

/** The compiler takes the first condition it knows. The private one comes before: only this repository sets it. */
function orderFaults(entry: string, target: Target): readonly string[] {
  if (typeof target === 'string') return [];
  const [first] = Object.keys(target).filter((condition) => !condition.startsWith('@keybound/'));
  return first === 'types'
    ? []
    : [`"${entry}" of exports begins with "${first}", not with "types"`];
}

function manifestFaults(manifest: Manifest, { folder }: Workspace): readonly string[] {
  const expectations: readonly [string, unknown, unknown][] = [
    ['sideEffects', manifest.sideEffects, false],
    ['engines.node', manifest.engines?.node, '>=20.19'],
    ['license', manifest.license, 'Apache-2.0'],
    ['repository.directory', manifest.repository?.directory, folder],
    ['publishConfig.access', manifest.publishConfig?.access, 'public'],
    ['publishConfig.provenance', manifest.publishConfig?.provenance, true],
  ];
  return expectations
    .filter(([, actual, expected]) => actual !== expected)
    .map(([member, actual, expected]) => `${member} is ${actual}, and has to be ${expected}`);
}
