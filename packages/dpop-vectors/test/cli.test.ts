import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadVectors } from '../src/load.ts';
import { readJson } from './support/schemas.ts';
import { parseXml } from './support/xml.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const CHILD = fileURLToPath(new URL('./support/child.ts', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../examples/javascript/adapter.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function cli(...args: readonly string[]): Ran {
  const node = ['--conditions=@keybound/source', CLI, ...args];
  return spawnSync(process.execPath, node, { encoding: 'utf8', cwd: folder, maxBuffer: 2 ** 26 });
}

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `./${name}`;
}

/** An adapter module that answers every question alike. */
function answering(name: string, answer: string): string {
  return written(
    name,
    `export default { name: 'software', version: '2.0', answer: () => (${answer}) };`,
  );
}

const ACCEPTING = answering('accepting.mjs', `{ decision: 'accept', status: 200 }`);
const TEAPOT = answering('teapot.mjs', `{ decision: 'accept', status: 299 }`);
const REFUSING = answering('refusing.mjs', `{ decision: 'reject' }`);
const GOOD_CASE = ['--files', 'rs-baselines', '--only', 'rs-baselines/es256'] as const;

describe('dpop-vectors', () => {
  test('--help tells how it is used', () => {
    const { status, stdout } = cli('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('dpop-vectors run --adapter ./my-adapter.js');
  });

  test('--version tells its version', () => {
    const { version } = readJson('package.json') as { readonly version: string };
    expect(cli('--version')).toEqual(
      expect.objectContaining({ status: 0, stdout: `${version}\n` }),
    );
  });

  test('list tells of every file, and how many cases there are', () => {
    const files = loadVectors();
    const { status, stdout } = cli('list');
    expect(status).toBe(0);
    for (const { file, title } of files) expect(stdout).toContain(`${file}  ${title} (`);
    const total = files.reduce((sum, { numberOfTests }) => sum + numberOfTests, 0);
    expect(stdout).toContain(`${total} cases in ${files.length} files\n`);
  });

  test('list --files tells of every case in them', () => {
    const { stdout } = cli('list', '--files', 'rs-baselines');
    expect(stdout).toContain('rs-baselines/es256  valid  ');
    const file = loadVectors().find((one) => one.file === 'rs-baselines');
    expect(stdout.trimEnd().split('\n')).toHaveLength(file?.numberOfTests ?? 0);
  });
});

describe('dpop-vectors run', () => {
  test('exits with 0 when nothing is wrong', () => {
    const { status, stdout } = cli('run', '--adapter', ACCEPTING, ...GOOD_CASE);
    expect(status).toBe(0);
    expect(stdout).toContain('DPoP vectors against software 2.0\n');
    expect(stdout).toMatch(/\n1 passed, 0 warnings, 0 failures, 0 not testable, 0 skipped\n$/);
  });

  test('exits with 1 after a failure', () => {
    const { status, stdout } = cli('run', '--adapter', REFUSING, ...GOOD_CASE);
    expect(status).toBe(1);
    expect(stdout).toContain('FAILURE rs-baselines/es256');
  });

  test('exits with 1 when a case is not testable', () => {
    const only = ['--only', 'rs-baselines/sig-other-key'];
    const { status, stdout } = cli('run', '--adapter', REFUSING, ...only);
    expect(status).toBe(1);
    expect(stdout).toContain('0 failures, 1 not testable');
  });

  test.each([
    [0, []],
    [1, ['--fail-on-warning']],
  ])('exits with %i after a warning and %j', (code, more) => {
    const { status, stdout } = cli('run', '--adapter', TEAPOT, ...GOOD_CASE, ...more);
    expect(status).toBe(code);
    expect(stdout).toContain('1 warning, 0 failures');
  });

  test('speaks with a program', () => {
    const command = `"${process.execPath}" '${CHILD}' good`;
    const { status, stdout, stderr } = cli('run', '--command', command, ...GOOD_CASE);
    expect(status).toBe(0);
    expect(stdout).toContain('DPoP vectors against child 1.0\n');
    expect(stderr).toContain('end rs-baselines/es256');
  });

  test('waits for a program as long as it is told to', () => {
    const command = `${process.execPath} ${CHILD} hangs`;
    const { status, stdout } = cli('run', '--command', command, '--timeout', '0.05', ...GOOD_CASE);
    expect(status).toBe(1);
    expect(stdout).toContain('it gave no answer within 0.05 s');
  });

  test('leaves out the cases with a flag', () => {
    const flags = new Set(loadVectors().flatMap(({ notes }) => Object.keys(notes)));
    const all = ['run', '--adapter', EXAMPLE, '--report', 'json'];
    const out = [...flags].flatMap((flag) => ['--flag-out', flag]);
    const count = (args: readonly string[]): number =>
      JSON.parse(cli(...args).stdout).results.length;
    const flagged = loadVectors()
      .flatMap(({ testGroups }) => testGroups.flatMap(({ tests }) => [...tests]))
      .filter((one) => one.flags.length > 0);
    expect(flagged.length).toBeGreaterThan(0);
    expect(count(all) - count([...all, ...out])).toBe(flagged.length);
  });

  test('writes the report to a file, and the sum to the output', () => {
    const output = join(folder, 'report.xml');
    const args = ['run', '--adapter', ACCEPTING, ...GOOD_CASE, '--report', 'junit'];
    const { stdout } = cli(...args, '--output', output);
    expect(stdout).toBe('1 passed, 0 warnings, 0 failures, 0 not testable, 0 skipped\n');
    expect(parseXml(readFileSync(output, 'utf8')).name).toBe('testsuites');
  });
});

describe('a mistake is told in a sentence, with the exit code 2', () => {
  test.each<[string, readonly string[], string]>([
    ['in the arguments', [], 'Say run or list.\ndpop-vectors --help says more.\n'],
    ['in the files', ['list', '--files', 'x'], 'There is no vector file x; there are '],
    ['in the adapter', ['run', '--adapter', './nowhere.js'], 'There is no adapter at '],
    [
      'in the command',
      ['run', '--command', '/nowhere/adapter -x'],
      'The adapter /nowhere/adapter -x does not work: its process cannot be started',
    ],
    [
      'in the output',
      ['run', '--adapter', ACCEPTING, ...GOOD_CASE, '--output', './no/such/folder'],
      'ENOENT',
    ],
  ])('%s', (_, args, sentence) => {
    const { status, stdout, stderr } = cli(...args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
    expect([status, stdout]).toEqual([2, '']);
  });
});
