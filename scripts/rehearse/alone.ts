/** Each package by itself in an empty folder, as JavaScript. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { CORE, type Manifest, modulesOf, VECTORS, type Workspace } from './workspaces.ts';

/** A package that is installed in a folder of its own. */
export interface Installed {
  readonly manifest: Manifest;
  readonly folder: string;
}

const USE = 'use.mjs';

/**
 * Installs one package, what it depends on and its peers, and nothing else but types that belong to a peer.
 * Throws when two copies of core come along, or packages that nobody expects.
 */
export async function installAlone(
  { folder: source, manifest }: Workspace,
  parent: string,
  env: NodeJS.ProcessEnv,
): Promise<Installed> {
  const { name, version } = manifest;
  const folder = join(parent, source.replace('/', '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const wanted = [`${name}@${version}`, ...typesOfPeers(manifest)];
  await run('npm', ['install', ...wanted], {
    cwd: folder,
    env,
    promise: `${name} can be installed in an empty folder`,
  });
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const paths = Object.keys(lock.packages).filter((path) => path !== '');
  const cores = paths.filter((path) => path.endsWith(`node_modules/${CORE}`));
  if (cores.length > 1) throw new Error(`${name} brings several cores: ${cores.join(', ')}`);
  const names = paths.map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
  const uninvited = names.filter((other) => other !== name && !mayComeAlong(manifest, other));
  if (uninvited.length > 0) throw new Error(`${name} brings along ${uninvited.join(', ')}`);
  return { manifest, folder };
}

/** The test vectors need nothing, frameworks have a tree of their own, and everything else needs core. */
function mayComeAlong({ name, peerDependencies = {} }: Manifest, other: string): boolean {
  if (name === VECTORS) return false;
  const hasFramework = Object.keys(peerDependencies).some((peer) => peer !== CORE);
  return hasFramework || other === CORE || other === 'jose';
}

/** Frameworks whose types are a package of their own, such as express with `@types/express`. */
function typesOfPeers({
  peerDependencies = {},
  devDependencies = {},
}: Manifest): readonly string[] {
  return Object.keys(peerDependencies).flatMap((peer) => {
    const range = devDependencies[`@types/${peer}`];
    return range === undefined ? [] : [`@types/${peer}@${range}`];
  });
}

/** Imports every module of a package and looks up its other entries. Gives the number of exports. */
export async function useAsJavaScript(
  { manifest, folder }: Installed,
  nodes: readonly string[],
): Promise<number> {
  const modules = modulesOf(manifest);
  const data = Object.keys(manifest.exports ?? {})
    .map((entry) => manifest.name + entry.slice(1))
    .filter((entry) => !modules.includes(entry) && !entry.includes('*'));
  writeFileSync(
    join(folder, USE),
    `import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
let count = 0;
for (const name of ${JSON.stringify(modules)}) {
  const exported = Object.keys(await import(name));
  if (exported.length === 0) throw new Error(name + ' exports nothing');
  count += exported.length;
}
for (const name of ${JSON.stringify(data)}) {
  if (!existsSync(fileURLToPath(import.meta.resolve(name)))) throw new Error(name + ' is not there');
}
console.log(count);
`,
  );
  let exported = 0;
  for (const node of nodes) {
    const promise = `${manifest.name} alone can be imported`;
    exported = Number(await run(node, [USE], { cwd: folder, promise }));
  }
  return exported;
}
