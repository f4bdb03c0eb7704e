/**
 * `npm run check:package -w packages/<name>`: the tarball of the package in the working directory, as npm
 * would publish it. Its contents are what a user needs and nothing else, publint and attw have no complaint.
 * What attw says of CommonJS does not count: all packages are ESM only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { contentFaults } from './package/content-faults.ts';
import { type PublishedPackage, publishedPackage } from './published.ts';

const published = publishedPackage(process.cwd());
const place = mkdtempSync(join(tmpdir(), 'tarball-'));
try {
  const { tarball, paths, unpackedSize } = pack(published.folder);
  const faults = [
    ...contentFaults(published, paths),
    ...(await publintFaults(tarball)),
    ...attwFaults(published, tarball),
  ];
  for (const fault of faults) console.error(`${published.manifest.name}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  else console.log(`${paths.length} files, ${Math.round(unpackedSize / 1024)} KiB unpacked`);
} finally {
  rmSync(place, { recursive: true, force: true });
}

interface Tarball {
  readonly tarball: string;
  /** Of the files in it, relative to the package. */
  readonly paths: readonly string[];
  /** In bytes. */
  readonly unpackedSize: number;
}

function pack(folder: string): Tarball {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', place], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const packed = JSON.parse(output);
  // npm 11 gives a list, npm 12 an object by package name.
  const { filename, files, unpackedSize } = Array.isArray(packed)
    ? packed[0]
    : Object.values<typeof packed>(packed)[0];
  const paths = files.map(({ path }: { readonly path: string }) => path);
  return { tarball: join(place, filename), paths, unpackedSize };
}

async function publintFaults(tarball: string): Promise<readonly string[]> {
  const { buffer } = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

function attwFaults({ entries }: PublishedPackage, tarball: string): readonly string[] {
  const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  // Entries without types, such as JSON files, are no business of attw.
  const paths = entries.map(({ name }) => (name === 'index' ? '.' : name));
  const { status, error, stdout } = spawnSync(
    'attw',
    [tarball, ...options, '--entrypoints', ...paths],
    { encoding: 'utf8' },
  );
  if (error) throw error;
  return status === 0 ? [] : [`attw:\n${stdout}`];
}
