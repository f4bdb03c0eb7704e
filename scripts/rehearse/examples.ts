/** The TypeScript examples: those of all READMEs and of docs/ compiled, those of the packages' READMEs run. */
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { inParallel, run } from './command.ts';
import { compile, RESOLUTIONS } from './types.ts';
import { publishedOf, type Workspace } from './workspaces.ts';

/** One block of code. */
export interface Example {
  /** From the root of the repository: `packages/core/README.md`. */
  readonly document: string;
  /** Without extension: `packages-core-readme-md-1`. */
  readonly name: string;
  readonly code: string;
}

const IMPORTED = /(?:\bfrom|\bimport|\bimport\()\s*'([^'.][^']*)'/g;
const EXPORTED = /^export (?:async )?(?:function|const|class) (\w+)/gm;
/** What examples read from the environment: long enough for any secret. */
const SECRET = 'r'.repeat(43);

/** Every block that is marked `ts`. */
export function examplesIn(copy: string): readonly Example[] {
  return globSync(['README.md', 'packages/*/README.md', 'docs/**/*.md'], { cwd: copy })
    .sort()
    .flatMap((path) => {
      const document = path.replaceAll('\\', '/');
      const blocks = [
        ...readFileSync(join(copy, path), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm),
      ];
      const slug = document.replace(/[^a-z]+/gi, '-').toLowerCase();
      return blocks.map(([, code = ''], i) => ({ document, name: `${slug}-${i + 1}`, code }));
    });
}

/** What the examples import beside our packages, in the versions that the workspaces are tested with. */
export function foreignImports(
  examples: readonly Example[],
  workspaces: readonly Workspace[],
): Readonly<Record<string, string>> {
  const ours = publishedOf(workspaces).map(({ manifest }) => manifest.name);
  const known: Readonly<Record<string, string>> = Object.assign(
    {},
    ...workspaces.flatMap(({ manifest }) => [manifest.devDependencies, manifest.dependencies]),
  );
  const wanted: Record<string, string> = {};
  for (const { document, code } of examples) {
    for (const [, specifier = ''] of code.matchAll(IMPORTED)) {
      const [scopeOrName = '', name] = specifier.split('/');
      const needed = specifier.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
      if (isBuiltin(specifier) || ours.includes(needed)) continue;
      const range = known[needed];
      if (range === undefined) {
        throw new Error(
          `an example of ${document} imports ${needed}, which no workspace depends on`,
        );
      }
      wanted[needed] = range;
      const types = known[`@types/${needed}`];
      if (types !== undefined) wanted[`@types/${needed}`] = types;
    }
  }
  return wanted;
}

/** Compiles all examples where everything is installed, under both resolutions; `built/` has the result. */
export async function compileExamples(
  examples: readonly Example[],
  folder: string,
  root: string,
): Promise<void> {
  if (examples.length === 0) throw new Error('no document has a TypeScript example');
  mkdirSync(join(folder, 'examples'));
  for (const { name, code } of examples) {
    // A module of its own, whether it imports anything or not.
    writeFileSync(join(folder, 'examples', `${name}.ts`), `${code}\nexport {};\n`);
  }
  await inParallel(RESOLUTIONS, RESOLUTIONS.length, (resolution) =>
    compile(folder, root, {
      promise: `the examples compile under moduleResolution ${resolution.moduleResolution}`,
      include: ['examples/*.ts'],
      options: {
        ...resolution,
        rootDir: 'examples',
        outDir: 'built',
        noEmit: resolution.module !== 'nodenext',
        exactOptionalPropertyTypes: false,
        types: ['node'],
        // Declarations of others, such as those of the clients in docs/, are not ours to check.
        skipLibCheck: true,
      },
    }),
  );
}

/** Runs compiled examples, each as a program of its own whose network answers by itself. */
export async function runExamples(
  examples: readonly Example[],
  folder: string,
  nodes: readonly string[],
  redisUrl: string | undefined,
): Promise<void> {
  for (const file of ['network.mjs', 'run-example.mjs']) {
    cpSync(join(import.meta.dirname, 'program', file), join(folder, file));
  }
  const env = {
    ...process.env,
    NODE_NO_WARNINGS: '1',
    CLIENT_SECRET: SECRET,
    INTROSPECTION_SECRET: SECRET,
    NONCE_SECRET: SECRET,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  };
  const runs = examples.flatMap((example) => nodes.map((node) => ({ example, node })));
  await inParallel(runs, 2, async ({ example: { document, name, code }, node }) => {
    const exported = [...code.matchAll(EXPORTED)].map(([, word]) => word ?? '');
    const args = ['--import', './network.mjs', 'run-example.mjs', `./built/${name}.js`];
    await run(node, [...args, ...exported], {
      cwd: folder,
      env,
      promise: `example ${name.split('-').at(-1)} of ${document} runs`,
    });
  });
}
