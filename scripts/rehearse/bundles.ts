/** Each portable package through a bundler for browsers, and the bundle run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, formatMessages } from 'esbuild';
import type { Installed } from './alone.ts';
import { run } from './command.ts';
import { modulesOf } from './workspaces.ts';

/** For Node alone: frameworks, files and processes. Everything else has to do without Node. */
const NODE_ONLY = [
  '@keybound/dpop-vectors',
  '@keybound/express',
  '@keybound/fastify',
  '@keybound/signer/node',
];

/** Bundles the portable modules of a package and runs the bundle. Gives bytes, or undefined without any. */
export async function useInBundle({ manifest, folder }: Installed): Promise<number | undefined> {
  const modules = modulesOf(manifest).filter((name) => !NODE_ONLY.includes(name));
  if (modules.length === 0) return undefined;
  const imports = modules.map((name, i) => `import * as module${i} from '${name}';`);
  const names = modules.map((_, i) => `module${i}`);
  const count = `[${names.join(', ')}].flatMap((module) => Object.keys(module)).length`;
  writeFileSync(join(folder, 'page.mjs'), `${imports.join('\n')}\nconsole.log(${count});\n`);
  const bytes = await bundle(manifest.name, folder, 'page.mjs', 'page.bundle.mjs');
  const promise = `the bundle of ${manifest.name} for browsers runs`;
  const output = await run(process.execPath, ['page.bundle.mjs'], { cwd: folder, promise });
  if (!(Number(output) > 0)) throw new Error(`${promise}\n    it exports nothing`);
  return bytes;
}

/** Makes one file for browsers of a program and all it imports, and gives its size. */
async function bundle(
  name: string,
  folder: string,
  entry: string,
  output: string,
): Promise<number> {
  try {
    const { metafile } = await build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile: output,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      metafile: true,
      logLevel: 'silent',
    });
    return metafile.outputs[output]?.bytes ?? 0;
  } catch (error) {
    const { errors = [] } = error as { errors?: Parameters<typeof formatMessages>[0] };
    const said = await formatMessages(errors, { kind: 'error' });
    throw new Error(`${name} can be bundled for browsers\n${said.join('').trimEnd()}`);
  }
}
