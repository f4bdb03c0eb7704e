import { expect, test } from 'vitest';
import type { TestGroup, ThumbprintTest } from '../src/format.ts';
import type { Answer } from '../src/questions.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, onlyResult, REJECT } from './support/adapters.ts';
import { common, fileOf } from './support/vectors.ts';

const REFUSED_BY_CHOICE = { result: 'acceptable', policy: 'reject', reason: 'Why.' } as const;
const TAKEN_BY_CHOICE = { result: 'acceptable', policy: 'accept', reason: 'Why.' } as const;

test.each<[string, Partial<ThumbprintTest>, Answer, string, string]>([
  ['the right output', { output: 'x' }, { output: 'x' }, 'passed', ''],
  ['another output', { output: 'x' }, { output: 'y' }, 'failure', 'output is wrong'],
  ['a refusal', { output: 'x' }, REJECT, 'failure', 'must not be refused'],
  ['a due refusal', { output: null, result: 'invalid' }, REJECT, 'passed', ''],
  [
    'an output in place of a refusal',
    { output: null, result: 'invalid' },
    { output: 'x' },
    'failure',
    'must be refused',
  ],
  ['no output', { output: 'x' }, ACCEPT, 'failure', 'The adapter failed'],
  [
    'an output where a refusal is better',
    { output: null, ...REFUSED_BY_CHOICE },
    { output: 'x' },
    'warning',
    'RFCs allow it',
  ],
  [
    'a refusal where an output is better',
    { output: 'x', ...TAKEN_BY_CHOICE },
    REJECT,
    'warning',
    'RFCs allow it',
  ],
  [
    'another output where a refusal is allowed',
    { output: 'x', ...TAKEN_BY_CHOICE },
    { output: 'y' },
    'failure',
    'output is wrong',
  ],
])('%s', async (_, changes, answer, verdict, sentence) => {
  const input = { operation: 'ath', token: 't' } as const;
  const group: TestGroup = {
    id: 'group',
    type: 'Thumbprint',
    comment: 'Hashes.',
    config: { hash: 'SHA-256' },
    tests: [{ ...common({ id: 'one' }), input, output: null, ...changes }],
  };
  const result = onlyResult(
    await runVectors(
      adapterOf(() => answer),
      { files: [fileOf(group)] },
    ),
  );
  expect(result.verdict).toBe(verdict);
  expect(result.sentences.join(' ')).toContain(sentence);
});
