/** From the changesets in a copy to packages in a registry. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { inParallel, run } from './command.ts';
import { rehearseNextReleases } from './next-releases.ts';
import type { Registry } from './registry.ts';
import { pack, type Tarball, tarballFaults } from './tarballs.ts';
import { versionFaults, writeVersions } from './versions.ts';
import { publishedOf, type Workspace, workspacesIn } from './workspaces.ts';

const AT_ONCE = 2;

/** Writes the versions that the changesets ask for; without changesets those that are there stay. */
export async function version(copy: string): Promise<readonly string[]> {
  const before = workspacesIn(copy);
  const changesets = globSync('.changeset/*.md', { cwd: copy });
  if (changesets.length > 0) await writeVersions(copy);
  const faults = versionFaults(copy, before);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const versions = publishedOf(workspacesIn(copy)).map(
    ({ manifest: { name, version: number } }) => `${name} ${number}`,
  );
  return [
    `${changesets.length} changesets: ${versions.join(', ')}`,
    ...(await rehearseNextReleases(copy)),
  ];
}

/** Builds every published package by its own script. */
export async function build(copy: string, published: readonly Workspace[]): Promise<void> {
  await inParallel(published, AT_ONCE, async ({ folder, manifest }) => {
    const promise = `${manifest.name} can be built`;
    await run('npm', ['run', 'build'], { cwd: join(copy, folder), promise });
    if (!existsSync(join(copy, folder, 'dist'))) throw new Error(`${promise}: no dist`);
  });
}

/** Packs all packages, looks into the tarballs, and publishes these very files. */
export async function publish(
  copy: string,
  published: readonly Workspace[],
  { env, url }: Registry,
  scratch: string,
): Promise<readonly Tarball[]> {
  const tarballs = await pack(copy, published, env);
  const faults = await inParallel(tarballs, AT_ONCE, (tarball) => tarballFaults(tarball, scratch));
  if (faults.flat().length > 0) throw new Error(faults.flat().join('\n'));
  await inParallel(tarballs, AT_ONCE, ({ workspace, path }) =>
    // Only a forge can vouch for provenance; the command line is what npm prefers to `publishConfig`.
    run('npm', ['publish', path, '--provenance=false', `--registry=${url}`], {
      cwd: scratch,
      env,
      promise: `${workspace.manifest.name} can be published`,
    }),
  );
  return tarballs;
}
