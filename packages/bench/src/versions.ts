import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The name of an installed package with the version that is measured. */
export function nameAndVersion(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (file === undefined) throw new Error(`${name} is not installed`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return `${name} ${version}`;
}
