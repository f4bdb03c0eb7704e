import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseCommand, type RunCommand, UsageError } from '../src/command.ts';
import { loadAdapter } from '../src/load-adapter.ts';
import { runCommand } from '../src/run-command.ts';
import { selectFiles } from '../src/select.ts';
import { splitCommand } from '../src/split-command.ts';
import { fileOf } from './support/vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the arguments', () => {
  test.each([
    [['--help'], { name: 'help' }],
    [['run', '--help'], { name: 'help' }],
    [['--version'], { name: 'version' }],
    [['list'], { name: 'list', files: [] }],
    [['list', '--files', 'a,,b'], { name: 'list', files: ['a', 'b'] }],
  ])('%j', (args, command) => {
    expect(parseCommand(args)).toEqual(command);
  });

  test('of run have defaults', () => {
    expect(parseCommand(['run', '--command', 'x'])).toEqual({
      name: 'run',
      software: { command: 'x' },
      timeoutMs: 10_000,
      files: [],
      only: '',
      flagsOut: [],
      report: 'text',
      output: undefined,
      failOnWarning: false,
    });
  });

  test('of run say everything', () => {
    const text =
      'run --adapter x --timeout 2.5 --files a,b --only c --flag-out D --flag-out E,F --report json --output o --fail-on-warning';
    expect(parseCommand(text.split(' '))).toEqual({
      name: 'run',
      software: { adapter: 'x' },
      timeoutMs: 2_500,
      files: ['a', 'b'],
      only: 'c',
      flagsOut: ['D', 'E', 'F'],
      report: 'json',
      output: 'o',
      failOnWarning: true,
    });
  });

  test.each([
    [[], 'Say run or list.'],
    [['test'], 'There is no command test.'],
    [['run', '--adaptor', 'x'], '--adaptor'],
    [['run', '--adapter'], '--adapter'],
    [['run', 'me', '--adapter', 'x'], 'What is me for?'],
    [['run'], 'Say what to test'],
    [['run', '--adapter', 'a', '--command', 'b'], 'either'],
    [['run', '--adapter', 'a', '--report', 'html'], 'There is no report html'],
    [['run', '--command', 'x', '--timeout', 'long'], 'a number of seconds'],
    [['run', '--command', 'x', '--timeout', '0'], 'a number of seconds'],
    [['run', '--command', 'x', '--timeout', 'Infinity'], 'a number of seconds'],
  ])('%j make no sense', (args, sentence) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
    expect(() => parseCommand(args)).toThrow(sentence);
  });
});

describe('a command line', () => {
  test.each([
    ['python3 adapter.py', ['python3', 'adapter.py']],
    [`  "/my programs/x"  'a b'  --x="c d" e\t`, ['/my programs/x', 'a b', '--x=c d', 'e']],
    [`x "" 'it"s'`, ['x', '', 'it"s']],
  ])('%s', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  test('without a word is refused', () => {
    expect(() => splitCommand(' ')).toThrow('The command is empty.');
  });
});

describe('an adapter module', () => {
  test.each([
    ['broken', 'export default {', 'cannot be imported: '],
    ['nothing', 'export const name = 1;', 'has no default export.'],
    ['number', 'export default 1;', 'is no object.'],
    ['silent', `export default { name: 'x' };`, 'has no function named answer.'],
    ['nameless', 'export default { answer() {} };', 'has no name, which the report needs.'],
  ])('that is %s is refused', async (name, text, sentence) => {
    const path = join(folder, `${name}.mjs`);
    writeFileSync(path, text);
    await expect(loadAdapter(path)).rejects.toThrow(sentence);
  });

  test('that is good is taken', async () => {
    const path = join(folder, 'good.mjs');
    writeFileSync(path, `export default { name: 'good', answer() {} };`);
    expect((await loadAdapter(path)).name).toBe('good');
  });
});

describe('a selection', () => {
  const files = [fileOf(), { ...fileOf(), file: 'other' }];

  test('of files is by their names', () => {
    expect(selectFiles(files, []).map(({ file }) => file)).toEqual(['file', 'other']);
    expect(selectFiles(files, ['other']).map(({ file }) => file)).toEqual(['other']);
  });

  test('of a file that is not there is refused', () => {
    expect(() => selectFiles(files, ['x'])).toThrow('no vector file x; there are file, other.');
  });

  test('of no case at all is refused before anything is started', async () => {
    const command = parseCommand(['run', '--command', '/nowhere', '--only', 'x/y/z']) as RunCommand;
    await expect(runCommand(command)).rejects.toThrow('No case is selected.');
  });
});
