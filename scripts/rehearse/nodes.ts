/** The versions of Node that installed packages are run on: the oldest supported one and this one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';

const OLDEST_NODE = '20.19.0';

/** Installs the oldest Node, from the registry that npm is set to, and gives the paths of both. */
export async function installNodes(folder: string): Promise<readonly string[]> {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { node: OLDEST_NODE },
      allowScripts: { node: true },
    }),
  );
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...options], {
    cwd: folder,
    promise: `Node ${OLDEST_NODE} can be installed`,
  });
  return [join(folder, 'node_modules', '.bin', 'node'), process.execPath];
}
