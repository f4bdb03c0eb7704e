import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Block } from './blocks.ts';
import { ROOT } from './pages.ts';
import { sidesOf } from './sides.ts';

/** Where modules are written: inside the package, so that their imports resolve. Git ignores it. */
const FOLDER = `${ROOT}packages/documents/modules`;

/** A module of the documents as a file. */
export interface ModuleFile {
  readonly path: string;
  readonly text: string;
}

/** The modules that a block is: one, two where it is a diff, none in other languages. */
export function modulesOf(block: Block): readonly ModuleFile[] {
  const { key, language, text } = block;
  const file = (name: string, code: string): ModuleFile => ({
    // A folder each, so that what lies beside one module is not beside another.
    path: `${FOLDER}/${slug(key)}/${name}`,
    text: code,
  });
  if (language === 'ts' || language === 'js') return [file(`module.${language}`, text)];
  if (language !== 'diff') return [];
  const { before, after } = sidesOf(text);
  return [file('before.ts', before), file('after.ts', after)];
}

/** Removes what was written before. */
export function emptyModules(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Writes a module, and the files of ours that it imports by a relative path. */
export function writeModule(
  { path, text }: ModuleFile,
  beside: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  for (const [name, code] of Object.entries(beside))
    writeFileSync(`${dirname(path)}/${name}`, code);
}

function slug(key: string): string {
  return key.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
}
