import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of an installed package. */
export function versionOf(name: string): string {
  return installed(name, import.meta.dirname).version;
}

/** A package that an installed package brings along, with its version. */
export function broughtBy(owner: string, name: string): string {
  const { folder } = installed(owner, import.meta.dirname);
  return `${name} ${installed(name, folder).version}`;
}

/** As Node finds it; `package.json` is not among what all of them export. */
function installed(name: string, from: string): { folder: string; version: string } {
  const folder = join(from, 'node_modules', name);
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return { folder, version };
  }
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return installed(name, dirname(from));
}
