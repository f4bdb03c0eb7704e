/**
 * `npm run check:packed`: what a stranger gets. Packs every published package, installs the tarballs in
 * an empty folder, walks through them on the oldest supported Node and on this one, compiles every
 * TypeScript example of every README and of docs/ against them under both module resolutions in use, and
 * installs the test vectors alone in another folder and runs their command. Needs the npm registry for what the packages depend on; builds what is not built.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const OLDEST_NODE = '20.19.0';
const README_FILES = ['README.md', ...globSync('packages/*/README.md'), ...globSync('docs/*.md')];

const root = JSON.parse(readFileSync('package.json', 'utf8'));
const published = globSync('packages/*/package.json')
  .map((path) => ({
    folder: path.replace('/package.json', ''),
    ...JSON.parse(readFileSync(path, 'utf8')),
  }))
  .filter(({ private: isPrivate }) => isPrivate !== true);

const folder = mkdtempSync(join(tmpdir(), 'packed-'));
try {
  execFileSync('turbo', ['run', 'build', '--output-logs=errors-only'], { stdio: 'inherit' });
  console.log(`Packing ${published.map(({ name }) => name).join(', ')}`);
  const tarballs = published.map(({ folder: source }) => pack(source));
  installEmptyFolder(tarballs);
  cpSync('scripts/packed/walk.mjs', join(folder, 'walk.mjs'));
  const oldestNode = installedNode(OLDEST_NODE);
  for (const node of [oldestNode, process.execPath]) run(node, ['walk.mjs']);
  compileExamples();
  runVectorsAlone(tarballs, oldestNode);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(source: string): string {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: source,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = JSON.parse(output);
  // npm 11 gives a list, npm 12 an object by package name.
  const { filename, files } = Array.isArray(packed)
    ? packed[0]
    : Object.values<typeof packed>(packed)[0];
  for (const needed of [...exportedFiles(source), 'README.md', 'LICENSE']) {
    if (!files.some(({ path }: { path: string }) => path === needed)) {
      throw new Error(`${source}: the tarball has no ${needed}`);
    }
  }
  return basename(filename);
}

/** What the entries of a package lead to, without the sources that only this repository uses. */
function exportedFiles(source: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  return Object.values<string | Record<string, string>>(exports)
    .flatMap((entry) => (typeof entry === 'string' ? [entry] : [entry.types, entry.default]))
    .flatMap((path) => (path === undefined || path.includes('*') ? [] : [path.replace('./', '')]));
}

function installEmptyFolder(tarballs: readonly string[]): void {
  const { devDependencies } = root;
  const { ioredis } = published.find(({ name }) => name === '@keybound/redis').devDependencies;
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        ...Object.fromEntries(published.map(({ name }, i) => [name, `file:./${tarballs[i]}`])),
        fastify: '^5',
        ioredis,
        typescript: devDependencies.typescript,
        '@types/node': devDependencies['@types/node'],
      },
    }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** A Node of exactly this version, from the registry. */
function installedNode(version: string): string {
  const place = join(folder, 'oldest-node');
  mkdirSync(place);
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { node: version },
      allowScripts: { node: true },
    }),
  );
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: place,
    stdio: 'inherit',
  });
  return join(place, 'node_modules', '.bin', 'node');
}

/** The test vectors are for people who use nothing else of ours: their package alone, and Node. */
function runVectorsAlone(tarballs: readonly string[], node: string): void {
  const place = join(folder, 'vectors-alone');
  const tarball = tarballs[published.findIndex(({ name }) => name === '@keybound/dpop-vectors')];
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const install = ['install', join(folder, tarball ?? ''), '--no-audit', '--no-fund'];
  execFileSync('npm', [...install, '--loglevel=error'], { cwd: place, stdio: 'inherit' });
  const { packages } = JSON.parse(readFileSync(join(place, 'package-lock.json'), 'utf8'));
  const installed = Object.keys(packages).filter((path) => path !== '');
  if (installed.join() !== 'node_modules/@keybound/dpop-vectors') {
    throw new Error(`the vectors need more than themselves: ${installed.join(', ')}`);
  }
  const example = 'node_modules/@keybound/dpop-vectors/examples/javascript/adapter.js';
  cpSync(join(place, example), join(place, 'my-adapter.js'));
  execFileSync(
    node,
    [
      join(place, 'node_modules', '.bin', 'dpop-vectors'),
      ...['run', '--adapter', './my-adapter.js', '--files', 'thumbprint'],
    ],
    { cwd: place, stdio: 'inherit' },
  );
}

function compileExamples(): void {
  let count = 0;
  mkdirSync(join(folder, 'examples'));
  for (const file of README_FILES) {
    for (const [, code = ''] of readFileSync(file, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
      const name = `${file.replace(/[^a-z]+/gi, '-').toLowerCase()}-${++count}.ts`;
      // A module of its own, whether it imports anything or not.
      writeFileSync(join(folder, 'examples', name), `${code}\nexport {};\n`);
    }
  }
  if (count === 0) throw new Error('no README has a TypeScript example');
  const common = ['--noEmit', '--strict', '--target', 'es2023', '--types', 'node'];
  const files = globSync('examples/*.ts', { cwd: folder });
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    run(join('node_modules', '.bin', 'tsc'), [
      ...common,
      '--module',
      module,
      '--moduleResolution',
      resolution,
      ...files,
    ]);
    console.log(`${count} README examples compile with moduleResolution ${resolution}`);
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: 'inherit' });
}
