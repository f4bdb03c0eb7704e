import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Pending } from '../src/pending.ts';
import { type ProcessOptions, startProcessAdapter } from '../src/process-adapter.ts';
import type { Adapter, Question } from '../src/questions.ts';
import { runVectors } from '../src/run.ts';
import { onlyResult, verdicts } from './support/adapters.ts';
import { CLOCK, fileOf, RS, request, requestTest, rsGroup } from './support/vectors.ts';

const CHILD = fileURLToPath(new URL('./support/child.ts', import.meta.url));

let running: Adapter | undefined;
afterEach(async () => {
  await running?.close?.();
  running = undefined;
});

async function start(manner: string, options: Partial<ProcessOptions> = {}): Promise<Adapter> {
  running = await startProcessAdapter({
    command: process.execPath,
    args: [CHILD, manner],
    ...options,
  });
  return running;
}

function question(id: string): Question {
  const facts = { kind: 'rs-request', session: 's', type: 'RsVerify', clock: CLOCK } as const;
  return { ...facts, id, config: RS, request: request() };
}

describe('a program that keeps to the protocol', () => {
  test('tells its name and version', async () => {
    expect(await start('good')).toMatchObject({ name: 'child', version: '1.0' });
  });

  test('need not have a version', async () => {
    expect('version' in (await start('versionless'))).toBe(false);
  });

  test('runs like any adapter, and its process ends with the run', async () => {
    const adapter = await start('good');
    const tests = [requestTest({ id: 'a' }), requestTest({ id: 'b', result: 'invalid' })];
    const report = await runVectors(adapter, { files: [fileOf(rsGroup(...tests))] });
    expect(verdicts(report)).toEqual({ a: 'passed', b: 'failure' });
    expect(report.software).toEqual({ name: 'child', version: '1.0' });
    await expect(adapter.answer(question('late'))).rejects.toThrow('ended with the exit code 0');
  });

  test('may answer in any order', async () => {
    const adapter = await start('backwards in pairs');
    const ids = ['1', '2', '3', '4'];
    const answers = await Promise.all(ids.map((id) => adapter.answer(question(id))));
    expect(answers).toEqual(ids.map((id) => ({ decision: 'accept', detail: id })));
  });

  test('may write a line in pieces, and other line separators in its strings', async () => {
    const adapter = await start('separators');
    expect(await adapter.answer(question('1'))).toEqual({ decision: 'reject', detail: 'a\u2028b' });
  });
});

describe('a program that does not', () => {
  test.each([
    ['dies', 'its process ended with the exit code 3'],
    ['no json', 'it wrote "Traceback", which is not JSON'],
    ['no object', 'it wrote "[]", which is no JSON object'],
    ['no id', 'it answered to the id undefined, which is no question under way'],
    ['other id', 'it answered to the id "other", which is no question under way'],
  ])('%s: every question under way fails with a sentence', async (manner, sentence) => {
    const adapter = await start(manner);
    const answers = await Promise.allSettled([
      adapter.answer(question('1')),
      adapter.answer(question('2')),
    ]);
    const reasons = answers.map((one) => (one.status === 'rejected' ? one.reason.message : 'none'));
    expect(reasons).toEqual([expect.stringContaining(sentence), expect.stringContaining(sentence)]);
  });

  test('dies: later questions fail at once for the same reason', async () => {
    const adapter = await start('dies');
    await expect(adapter.answer(question('1'))).rejects.toThrow('exit code 3');
    await expect(adapter.answer(question('2'))).rejects.toThrow('exit code 3');
  });

  test('says something before it is asked: the next question fails, the one after does not', async () => {
    const adapter = await start('talks early');
    await expect(adapter.answer(question('1'))).rejects.toThrow('it wrote "ready", which is not');
    expect(await adapter.answer(question('2'))).toMatchObject({ detail: '2' });
  });

  test('hangs: the question fails after its time', async () => {
    const adapter = await start('hangs', { timeoutMs: 20, graceMs: 1 });
    await expect(adapter.answer(question('1'))).rejects.toThrow('it gave no answer within 0.02 s');
  });

  test('answers too late: that answer is dropped, and the next question gets its own', async () => {
    const pending = new Pending();
    await expect(pending.answer('1', 1)).rejects.toThrow('no answer');
    pending.take('{"id":"1","decision":"accept"}');
    const next = pending.answer('2', 10_000);
    pending.take('{"id":"2","decision":"reject"}');
    expect(await next).toEqual({ decision: 'reject' });
  });

  test('makes of its case a failure that says so', async () => {
    const files = [fileOf(rsGroup(requestTest({ id: 'a' })))];
    const result = onlyResult(await runVectors(await start('no decision'), { files }));
    expect(result.verdict).toBe('failure');
    expect(result.sentences).toEqual([
      'The adapter failed: its decision is undefined, neither "accept" nor "reject"',
    ]);
  });

  test('stays when its input ends: it is killed after the grace', async () => {
    const adapter = await start('stays', { graceMs: 50 });
    await adapter.close?.();
    await expect(adapter.answer(question('1'))).rejects.toThrow('ended by the signal SIGKILL');
  });
});

describe('a program that cannot be used', () => {
  test('is not there', async () => {
    const adapter = startProcessAdapter({ command: '/nowhere/adapter' });
    await expect(adapter).rejects.toThrow('its process cannot be started: spawn /nowhere/adapter');
  });

  test('has no name', async () => {
    await expect(start('nameless')).rejects.toThrow('it must answer hello with its name');
  });

  test('ends at once', async () => {
    const adapter = startProcessAdapter({ command: process.execPath, args: ['-e', ''] });
    await expect(adapter).rejects.toThrow('its process ended with the exit code 0');
  });
});
