import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readText } from '../support/pages.ts';

/** The members of a package.json that commands are held against. */
interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A script, and where it is. */
export interface Script {
  /** From the root of the repository; empty for the root itself. */
  readonly folder: string;
  readonly line: string;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readText(join(folder, 'package.json')));
}

/** The script that npm would run, in the root or in a workspace that is named by folder or package. */
export function findScript(name: string, workspace = ''): Script | undefined {
  const folders = globSync('{packages,apps}/*', { cwd: ROOT });
  const folder =
    workspace === '' || folders.includes(workspace)
      ? workspace
      : folders.find((one) => manifestIn(one).name === workspace);
  if (folder === undefined) return undefined;
  const line = manifestIn(folder).scripts?.[name];
  return line === undefined ? undefined : { folder, line };
}

/** Whether npm finds a package: one of ours that is published, or another that this repository uses too. */
export function isPackage(name: string): boolean {
  if (!name.startsWith('@keybound/')) return existsSync(`${ROOT}node_modules/${name}/package.json`);
  const folder = name.replace('@keybound/', 'packages/');
  return existsSync(join(ROOT, folder)) && manifestIn(folder).private !== true;
}

/** The file behind `npx <name>`, from the root of the repository; of our own packages the source of it. */
export function findBin(name: string): string | undefined {
  if (!name.startsWith('@')) {
    return existsSync(`${ROOT}node_modules/.bin/${name}`) ? `node_modules/.bin/${name}` : undefined;
  }
  if (!isPackage(name) || !name.startsWith('@keybound/')) return undefined;
  const folder = name.replace('@keybound/', 'packages/');
  const { bin } = manifestIn(folder);
  const [file] = typeof bin === 'string' ? [bin] : Object.values(bin ?? {});
  if (file === undefined) return undefined;
  return join(folder, file.replace('dist/', 'src/').replace(/\.js$/, '.ts'));
}
