import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../scripts/runtimes/build-program.ts';
import { REPORT_MARK, type SuiteReport } from '../../scripts/runtimes/engine/report.ts';
import { programRunner } from '../../scripts/runtimes/run-program.ts';

// Below the repository, where programs find vitest.
mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync(resolve('node_modules/.cache/run-suite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'good.test.ts': `
    import { expect, it } from 'vitest';
    it.each([1, 2])('%i is itself', (n) => { expect(n).toBe(n); });`,
  'bad.test.ts': `
    import { expect, it } from 'vitest';
    it('one is two', () => { expect(1).toBe(2); });
    it.skip('is skipped', () => {});
    it('rejects late', async () => { await Promise.reject(new Error('late')); });`,
  'unreadable.test.ts': `throw new Error('cannot be read');`,
  'empty.test.ts': `export {};`,
  'hook.test.ts': `
    import { beforeAll, it } from 'vitest';
    beforeAll(() => { throw new Error('no server'); });
    it('is not reached', () => {});`,
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);

async function programOf(name: string, ...files: readonly string[]): Promise<string> {
  const paths = files.map((file) => join(folder, file));
  return buildProgram({ name, title: name, folder, files: () => paths }, 'node');
}

/** The report, with titles from the name of the file on. */
async function reportOf(name: string, ...files: readonly string[]): Promise<SuiteReport> {
  const report = await programRunner('node', process.execPath).run(await programOf(name, ...files));
  const shorten = <Item extends { readonly title: string }>(one: Item): Item => ({
    ...one,
    title: one.title.replace(/^.*\//, ''),
  });
  return { ...report, others: report.others.map(shorten), broken: report.broken.map(shorten) };
}

describe('a program of tests', { timeout: 60_000 }, () => {
  it('good and bad tests → counted apart, skipped ones not among the passed', async () => {
    expect(await reportOf('mixed', 'good.test.ts', 'bad.test.ts')).toEqual({
      passed: 2,
      others: [
        { title: 'bad.test.ts > one is two', messages: [expect.stringContaining('to be 2')] },
        { title: 'bad.test.ts > is skipped', messages: ['it is skip'] },
        { title: 'bad.test.ts > rejects late', messages: ['late'] },
      ],
      broken: [],
    });
  });

  it('files that cannot be read, are empty or whose hook fails → broken; the others still run', async () => {
    const { passed, broken } = await reportOf(
      'broken',
      ...['unreadable.test.ts', 'empty.test.ts', 'hook.test.ts', 'good.test.ts'],
    );
    expect(passed).toBe(2);
    expect(broken).toEqual([
      { title: 'unreadable.test.ts', messages: ['cannot be read'] },
      { title: 'empty.test.ts', messages: [expect.stringMatching(/no test/i)] },
      { title: 'hook.test.ts', messages: ['no server'] },
    ]);
  });

  it('a suite without files → no program', async () => {
    await expect(programOf('none')).rejects.toThrow('none has no test files');
  });

  it('a program that ends without a report → an error with what it said', async () => {
    const path = join(folder, 'silent.mjs');
    writeFileSync(path, `console.error('out of memory'); process.exit(0);`);
    const run = programRunner('node', process.execPath).run(path);
    await expect(run).rejects.toThrow(/no report[\s\S]*out of memory/);
  });

  it('what a program prints beside its report → not taken for one', async () => {
    const path = join(folder, 'chatty.mjs');
    const report = { passed: 1, others: [], broken: [] };
    writeFileSync(
      path,
      `console.log('x'); console.log(${JSON.stringify(REPORT_MARK + JSON.stringify(report))});`,
    );
    expect(execFileSync(process.execPath, [path], { encoding: 'utf8' })).toContain('x\n');
    expect(await programRunner('node', process.execPath).run(path)).toEqual(report);
  });
});
