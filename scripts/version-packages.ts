/**
 * `npm run version-packages`: writes versions, ranges and change logs from the changesets, after it has added
 * the releases of adapters that a new core makes due, and brings package-lock.json in line.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type DueRelease, dueAdapterReleases, type PlannedRelease } from './adapter-releases.ts';
import { LOCKFILE, REPEATED_MEMBERS, readLockfile } from './lockfile.ts';
import { CORE, readManifest, workspacesIn } from './rehearse/workspaces.ts';

const PLAN = '.changeset/plan.json';

changeset('status', '--output', PLAN);
const { releases } = JSON.parse(readFileSync(PLAN, 'utf8')) as { releases: PlannedRelease[] };
rmSync(PLAN);
const due = dueAdapterReleases(releases, workspacesIn('.'));
if (due.length > 0) writeChangeset(due);
changeset('version');
alignLockfile();

function changeset(...args: readonly string[]): void {
  const shell = process.platform === 'win32';
  const { status } = spawnSync('changeset', args, { stdio: 'inherit', shell });
  if (status !== 0) process.exit(1);
}

function writeChangeset(adapters: readonly DueRelease[]): void {
  const version = releases.find(({ name }) => name === CORE)?.newVersion;
  const lines = adapters.map(({ name, type }) => `'${name}': ${type}`);
  const text = `Takes \`${CORE}\` ${version}: move both together.`;
  const path = `.changeset/core-${version}.md`;
  writeFileSync(path, `---\n${lines.join('\n')}\n---\n\n${text}\n`);
  console.log(
    `${path}: core leaves the peer range of ${adapters.map(({ name }) => name).join(', ')}`,
  );
}

/** npm repeats manifests of workspaces in the lock file; who reads it should find the versions that are released. */
function alignLockfile(): void {
  const lock = readLockfile();
  for (const { folder } of workspacesIn('.')) {
    const entry = lock.packages[folder] as Record<string, unknown> | undefined;
    if (entry === undefined) throw new Error(`${LOCKFILE} does not know ${folder}`);
    const manifest = readManifest(`${folder}/package.json`);
    for (const member of REPEATED_MEMBERS) {
      if (member in entry) entry[member] = manifest[member];
    }
  }
  writeFileSync(LOCKFILE, `${JSON.stringify(lock, undefined, 2)}\n`);
}
