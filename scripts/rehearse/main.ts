/**
 * `npm run rehearse`: a release, from the changesets to a stranger's folder, on this machine and without a
 * word from a person. What is committed is copied, versioned, built, packed and published to a registry on
 * loopback; each package is installed from there by itself and used as JavaScript, as TypeScript and
 * through a bundler; examples and a walk run with all of them. Needs the npm registry for what is not ours.
 *
 * `--only web,core` uses just these packages; `--keep` leaves the temporary folder and says where it is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  findProgram,
  freePort,
  PROGRAMS,
  startProgram,
} from '../../packages/test-kit/src/programs.ts';
import { installAlone, useAsJavaScript } from './alone.ts';
import { useInBundle } from './bundles.ts';
import { allOf, inParallel } from './command.ts';
import { copyOfHead } from './copy.ts';
import { compileExamples, examplesIn, foreignImports, runExamples } from './examples.ts';
import { installedNodes } from './nodes.ts';
import { startRegistry } from './registry.ts';
import { build, publish, version } from './release.ts';
import { installTogether, runVectors, walk } from './together.ts';
import { typesNeeded, useAsTypeScript } from './types.ts';
import { publishedOf, VECTORS, type Workspace, workspacesIn } from './workspaces.ts';

const AT_ONCE = 3;

const { values } = parseArgs({ options: { only: { type: 'string' }, keep: { type: 'boolean' } } });
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
const copy = join(folder, 'copy');
/** What was started, to be stopped in reverse. */
const started: (() => Promise<void>)[] = [];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));
}
try {
  await rehearse();
  console.log(`Rehearsed in ${Math.round(performance.now() / 1000)} s`);
} catch (error) {
  console.error(`\nThe rehearsal failed. Broken is:\n${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function rehearse(): Promise<void> {
  step('Copy what is committed, write versions and change logs');
  await copyOfHead(root, copy);
  for (const line of await version(copy)) say(line);
  const workspaces = workspacesIn(copy);
  const published = publishedOf(workspaces);
  const chosen = chosenOf(published);

  step(`Build ${published.length} packages; start a registry; install the oldest Node`);
  const [, registry] = await allOf([
    build(copy, published),
    startRegistry(root, join(folder, 'registry')).then((running) => {
      started.push(running.stop);
      return running;
    }),
  ]);
  const nodes = installedNodes();

  step('Pack, look into the tarballs, publish');
  await publish(copy, published, registry, folder);
  say('published without provenance, which only a forge can vouch for');

  step('Install each package alone: JavaScript, TypeScript (nodenext, bundler), bundle');
  const installed = await inParallel(chosen, AT_ONCE, async (workspace) => {
    const alone = await installAlone(workspace, join(folder, 'alone'), registry.env);
    const exported = await useAsJavaScript(alone, nodes);
    await useAsTypeScript(alone, root);
    const bytes = await useInBundle(alone);
    say(summary(alone.manifest.name, exported, bytes));
    return alone;
  });
  const vectors = installed.find(({ manifest }) => manifest.name === VECTORS);
  if (vectors) say(await runVectors(vectors.folder, nodes[0] ?? process.execPath));

  step('Install all together: examples and the walk');
  const together = join(folder, 'together');
  const examples = examplesIn(copy);
  await installTogether(published, foreignImports(examples, workspaces), together, registry.env);
  await compileExamples(examples, together, root);
  say(`${examples.length} examples of READMEs and docs compile, under both resolutions`);
  const runnable = examples.filter(({ document }) =>
    chosen.some((workspace) => document.startsWith(`${workspace.folder}/`)),
  );
  for (const { folder: place } of chosen) {
    if (!runnable.some(({ document }) => document.startsWith(`${place}/`))) {
      throw new Error(`${place}/README.md has no TypeScript example`);
    }
  }
  const redisUrl = await startRedis();
  const needsRedis = ({ code }: { code: string }): boolean => code.includes('REDIS_URL');
  const running = runnable.filter((example) => redisUrl !== undefined || !needsRedis(example));
  await runExamples(running, together, nodes, redisUrl);
  say(
    `${running.length} examples of the packages' READMEs run, on ${nodes.length} versions of Node`,
  );
  for (const line of await walk(together, nodes)) say(line);
}

/** A Redis server for the examples that want one; its absence is said aloud. */
async function startRedis(): Promise<string | undefined> {
  const command = findProgram(PROGRAMS.redis.name);
  if (command === undefined) {
    const line = `examples on Redis: ${PROGRAMS.redis.name} is not installed; ${PROGRAMS.redis.install}`;
    if (process.env.CI) throw new Error(line);
    say(`SKIPPED: ${line}`);
    return undefined;
  }
  const port = await freePort();
  const server = await startProgram({
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    isReady: (output) => output.includes('Ready to accept connections'),
  });
  started.push(() => server.stop());
  return `redis://127.0.0.1:${port}`;
}

function chosenOf(published: readonly Workspace[]): readonly Workspace[] {
  if (values.only === undefined) return published;
  const wanted = values.only.split(',').map((name) => `packages/${name}`);
  const unknown = wanted.filter((place) => !published.some(({ folder: own }) => own === place));
  if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is not published`);
  console.log(`ONLY ${values.only} is used; the other packages are published and left alone`);
  return published.filter(({ folder: place }) => wanted.includes(place));
}

function summary(name: string, exported: number, bytes: number | undefined): string {
  const { lib, types } = typesNeeded(name);
  const needs = [`lib ${lib.join(' + ')}`, ...types.map((module) => `@types/${module}`)];
  const size = bytes === undefined ? 'for Node alone' : `${(bytes / 1000).toFixed(1)} kB in a page`;
  return `${name}: ${exported} exports; types need ${needs.join(', ')}; ${size}`;
}

function step(sentence: string): void {
  console.log(`\n${sentence} (${Math.round(performance.now() / 1000)} s so far)`);
}

function say(line: string): void {
  console.log(line.replace(/^/gm, '  '));
}

async function cleanUp(): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop();
  if (values.keep) console.log(`Kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
