/** All packages in one folder: the walk through them, and the examples that use several. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import type { Workspace } from './workspaces.ts';

/** Installs all packages and what the examples import beside them. */
export async function installTogether(
  published: readonly Workspace[],
  foreign: Readonly<Record<string, string>>,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const ours = published.map(({ manifest }) => [manifest.name, manifest.version]);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { ...foreign, ...Object.fromEntries(ours) },
    }),
  );
  await run('npm', ['install'], { cwd: folder, env, promise: 'all packages install together' });
}

/** Walks through the packages on each Node: tokens, proofs, a server, thefts. Gives what it printed. */
export async function walk(folder: string, nodes: readonly string[]): Promise<readonly string[]> {
  cpSync(join(import.meta.dirname, 'program', 'walk.mjs'), join(folder, 'walk.mjs'));
  const lines: string[] = [];
  for (const node of nodes) {
    const promise = 'the installed packages do together what they are for';
    lines.push((await run(node, ['walk.mjs'], { cwd: folder, promise })).trim());
  }
  return lines;
}

/** The command of the test vectors and the adapter that comes with them, in a folder that has nothing else. */
export async function runVectors(folder: string, node: string): Promise<string> {
  const example = 'node_modules/@keybound/dpop-vectors/examples/javascript/adapter.js';
  cpSync(join(folder, example), join(folder, 'my-adapter.js'));
  const command = join(folder, 'node_modules', '.bin', 'dpop-vectors');
  const output = await run(
    node,
    [command, 'run', '--adapter', './my-adapter.js', '--files', 'thumbprint'],
    { cwd: folder, promise: 'the test vectors run by themselves' },
  );
  return output.trim();
}
