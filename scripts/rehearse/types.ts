/** Each package by itself, as TypeScript: its declarations are checked, not skipped. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './alone.ts';
import { run } from './command.ts';
import { modulesOf } from './workspaces.ts';

/** How TypeScript finds modules: as Node does, or as bundlers do. */
export const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
] as const;

/** WebCrypto and `fetch` are in `DOM`; the declarations of core name their types. */
const LIB = ['ES2023', 'DOM'];
/** Packages whose frameworks have declarations that need the types of Node. */
const WITH_NODE_TYPES = ['@keybound/express', '@keybound/fastify'];

/** What a user has to set for a package, `skipLibCheck` or not. */
export function typesNeeded(name: string): { lib: readonly string[]; types: readonly string[] } {
  return { lib: LIB, types: WITH_NODE_TYPES.includes(name) ? ['node'] : [] };
}

/** Compiles a program that imports every module of a package, under both resolutions. */
export async function useAsTypeScript(
  { manifest, folder }: Installed,
  root: string,
): Promise<void> {
  const imports = modulesOf(manifest).map((name, i) => `import * as module${i} from '${name}';`);
  const names = imports.map((_, i) => `module${i}`);
  const program = `${imports.join('\n')}\nexport const modules = [${names.join(', ')}];\n`;
  writeFileSync(join(folder, 'use.ts'), program);
  for (const resolution of RESOLUTIONS) {
    await compile(folder, root, {
      promise: `${manifest.name} has types under moduleResolution ${resolution.moduleResolution}`,
      include: ['use.ts'],
      options: { ...resolution, ...typesNeeded(manifest.name), noEmit: true },
    });
  }
}

/** What is compiled, beside the strictest usual settings. */
export interface Compilation {
  readonly promise: string;
  readonly include: readonly string[];
  readonly options: { readonly moduleResolution: string } & Readonly<Record<string, unknown>>;
}

/** Runs the compiler of this repository in a folder; types of Node come from here, too. */
export async function compile(
  folder: string,
  root: string,
  { promise, include, options }: Compilation,
): Promise<void> {
  const config = join(folder, `tsconfig.${options.moduleResolution}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        // TypeScript's own libraries are right; to check them takes longer than all the rest.
        skipDefaultLibCheck: true,
        typeRoots: [join(root, 'node_modules', '@types')],
        ...options,
      },
      include,
    }),
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', config], { cwd: folder, promise });
}
