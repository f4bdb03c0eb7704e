import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findProgram, PROGRAMS } from '../../packages/test-kit/src/programs.ts';
import type { Engine } from './engines.ts';

/** An engine that is there, or why it is not. */
export type Installed =
  | { readonly place: string; readonly version: string }
  | { readonly absent: string };

const CACHE = resolve('node_modules/.cache/keybound-engines');

/**
 * Where an engine is: for Node, Bun, Deno and Chromium the program, for workerd the folder in which
 * miniflare is installed. Engines from npm are installed into a cache folder when they are not there yet,
 * so that they are no dependencies of the repository.
 */
export function installedEngine({ kind, source }: Engine): Installed {
  if (source === undefined) return systemChromium();
  if (kind === 'node' && installedVersion('.', 'node') === source.version) {
    return { place: resolve('node_modules/node/bin/node'), version: source.version };
  }
  const folder = join(CACHE, `${source.package}@${source.version}`);
  const failure = existsSync(folder) ? undefined : install(folder, source);
  if (failure !== undefined) return { absent: failure };
  if (kind === 'workerd') {
    return { place: folder, version: installedVersion(folder, 'workerd') ?? 'unknown' };
  }
  return { place: join(folder, 'node_modules', '.bin', kind), version: source.version };
}

/** Installs into a folder beside and renames it, so that a folder that is there is whole. */
function install(
  folder: string,
  { package: name, version }: NonNullable<Engine['source']>,
): string | undefined {
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(
    join(unfinished, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { [name]: version },
      // Their install scripts put the program for this machine in place.
      allowScripts: { [name]: true, workerd: true },
    }),
  );
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: unfinished,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 300_000,
    });
    renameSync(unfinished, folder);
    return undefined;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    const [sentence] = String((error as { stderr?: unknown }).stderr ?? error).split('\n');
    return `${name}@${version} cannot be installed: ${sentence}`;
  }
}

function installedVersion(folder: string, name: string): string | undefined {
  const path = join(folder, 'node_modules', name, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : undefined;
}

function systemChromium(): Installed {
  const { name, install } = PROGRAMS.chromium;
  const place = findProgram(name);
  if (place === undefined) return { absent: `${name} is not installed; ${install}` };
  const output = execFileSync(place, ['--version', '--no-sandbox'], {
    encoding: 'utf8',
    // Some systems start it by a script that complains there.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { place, version: /\d+(?:\.\d+)+/.exec(output)?.[0] ?? 'unknown' };
}
