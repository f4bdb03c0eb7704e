import { describe, expect, test } from 'vitest';
import type { RsConfig, TestGroup } from '../src/format.ts';
import type { Answer, Question } from '../src/questions.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, onlyResult, REJECT, verdicts } from './support/adapters.ts';
import {
  AS,
  asRequest,
  CLOCK,
  common,
  fileOf,
  RS,
  request,
  requestTest,
  rsGroup,
} from './support/vectors.ts';

const GOOD = requestTest({ id: 'good' });
const BAD = requestTest({ id: 'bad', base: 'good', result: 'invalid' });

/** Answers by the id of the case that asks. */
function answering(answers: Readonly<Record<string, Answer>>) {
  return ({ session }: Question): Answer => answers[session.slice('file/'.length)] ?? REJECT;
}

describe('a run', () => {
  test('counts verdicts, tells each result and closes the adapter', async () => {
    let isClosed = false;
    const told: string[] = [];
    const adapter = {
      ...adapterOf(answering({ good: ACCEPT, odd: { skip: 'Not built.' } })),
      version: '1.2.3',
      close: () => {
        isClosed = true;
      },
    };
    const odd = requestTest({ id: 'odd' });
    const report = await runVectors(adapter, {
      files: [fileOf(rsGroup(GOOD, BAD, odd))],
      onResult: ({ id }) => told.push(id),
    });
    expect(report.software).toEqual({ name: 'software', version: '1.2.3' });
    expect(report.counts).toEqual({
      passed: 2,
      warnings: 0,
      failures: 0,
      notTestable: 0,
      skipped: 1,
    });
    expect(told).toEqual(['good', 'bad', 'odd']);
    expect(isClosed).toBe(true);
  });

  test('a case that never gets its chance of a verdict still says what it is about', async () => {
    const report = await runVectors(adapterOf(answering({})), { files: [fileOf(rsGroup(GOOD))] });
    expect(onlyResult(report)).toEqual({
      name: 'file/good',
      file: 'file',
      group: 'group',
      type: 'RsVerify',
      id: 'good',
      comment: 'About good.',
      flags: [],
      requirements: ['DPOP-4.3-01'],
      result: 'valid',
      verdict: 'failure',
      sentences: ['It must be accepted, and was refused.'],
      expected: 'accepted',
      came: 'refused',
    });
  });

  test('each case has a session of its own, which is ended, and each question an id', async () => {
    const adapter = adapterOf(answering({ good: ACCEPT }));
    await runVectors(adapter, { files: [fileOf(rsGroup(GOOD, BAD))] });
    expect(adapter.asked.map(({ session }) => session)).toEqual(['file/good', 'file/bad']);
    expect(adapter.ended).toEqual(['file/good', 'file/bad']);
    expect(new Set(adapter.asked.map(({ id }) => id)).size).toBe(2);
  });

  test('an override goes over the configuration of the group, its clock into the question', async () => {
    const adapter = adapterOf(() => ACCEPT);
    const late = requestTest({ id: 'late', override: { clock: CLOCK + 9, realm: 'other' } });
    await runVectors(adapter, { files: [fileOf(rsGroup(late))] });
    expect(adapter.asked[0]).toEqual({
      kind: 'rs-request',
      id: 'file/late#1',
      session: 'file/late',
      type: 'RsVerify',
      clock: CLOCK + 9,
      config: { ...RS, clock: CLOCK + 9, realm: 'other' },
      request: request(),
    });
  });

  test('a group of an unknown type is skipped, not an error', async () => {
    const group = { ...rsGroup(GOOD), type: 'FromTheFuture' } as unknown as TestGroup;
    const result = onlyResult(
      await runVectors(
        adapterOf(() => ACCEPT),
        { files: [fileOf(group)] },
      ),
    );
    expect(result.verdict).toBe('skipped');
    expect(result.sentences).toEqual(['This runner knows no groups of type FromTheFuture.']);
  });
});

describe('the base of a case', () => {
  const files = [fileOf(rsGroup(GOOD, BAD, { ...BAD, id: 'worse' }))];

  test('is asked about once, first, and in its own session', async () => {
    const adapter = adapterOf(answering({ good: ACCEPT }));
    const report = await runVectors(adapter, { files, only: ({ test: { id } }) => id !== 'good' });
    expect(adapter.asked.map(({ session }) => session)).toEqual([
      'file/good',
      'file/bad',
      'file/worse',
    ]);
    expect(verdicts(report)).toEqual({ bad: 'passed', worse: 'passed' });
  });

  test('is refused: its cases are not testable, and are not asked about', async () => {
    const adapter = adapterOf(() => REJECT);
    const report = await runVectors(adapter, { files });
    expect(verdicts(report)).toEqual({
      good: 'failure',
      bad: 'not-testable',
      worse: 'not-testable',
    });
    expect(adapter.asked).toHaveLength(1);
    expect(report.results[1]?.sentences[0]).toContain('Its base good did not work');
    expect(report.results[1]?.came).toBeNull();
  });

  test('is skipped: its cases are skipped for the same reason', async () => {
    const report = await runVectors(
      adapterOf(() => ({ skip: 'No server.' })),
      { files },
    );
    expect(verdicts(report)).toEqual({ good: 'skipped', bad: 'skipped', worse: 'skipped' });
    expect(report.results[1]?.sentences).toEqual(['No server.']);
  });

  test('is accepted with the wrong status: its cases are testable', async () => {
    const good = requestTest({ id: 'good', expect: { status: [200] } });
    const answers = answering({ good: { ...ACCEPT, status: 299 } });
    const report = await runVectors(adapterOf(answers), { files: [fileOf(rsGroup(good, BAD))] });
    expect(verdicts(report)).toEqual({ good: 'warning', bad: 'passed' });
  });

  test('of an output has to be right itself', async () => {
    const input = { operation: 'ath', token: 'x' } as const;
    const group: TestGroup = {
      id: 'group',
      type: 'Thumbprint',
      comment: 'Hashes.',
      config: { hash: 'SHA-256' },
      tests: [
        { ...common({ id: 'known' }), input, output: 'right' },
        { ...common({ id: 'bad', base: 'known', result: 'invalid' }), input, output: null },
      ],
    };
    const wrong = await runVectors(
      adapterOf(() => ({ output: 'wrong' })),
      {
        files: [fileOf(group)],
      },
    );
    expect(verdicts(wrong)).toEqual({ known: 'failure', bad: 'not-testable' });
  });
});

describe('an adapter that fails', () => {
  const files = [fileOf(rsGroup(GOOD, BAD))];

  test.each<[string, (question: Question) => Answer | Promise<Answer>, string]>([
    [
      'throws',
      () => {
        throw new Error('no room');
      },
      'no room',
    ],
    ['rejects', () => Promise.reject(new Error('no room')), 'no room'],
    ['answers nothing', () => undefined as unknown as Answer, 'undefined'],
    ['answers no decision', () => ({ decision: 'maybe' }) as unknown as Answer, '"maybe"'],
    ['answers with the output of another question', () => ({ output: 'x' }), 'decision'],
    ['skips without a reason', () => ({ skip: true }) as unknown as Answer, 'no reason'],
    [
      'reports a status in words',
      () => ({ ...ACCEPT, status: 'OK' }) as unknown as Answer,
      'status',
    ],
    [
      'reports fields as an object',
      () => ({ ...ACCEPT, fields: {} }) as unknown as Answer,
      'fields',
    ],
    ['reports a body in words', () => ({ ...ACCEPT, body: 'OK' }) as unknown as Answer, 'body'],
    ['reports a number as error', () => ({ ...REJECT, error: 401 }) as unknown as Answer, 'error'],
  ])('%s: the case is a failure, and what stands on it not testable', async (_, answer, word) => {
    const report = await runVectors(adapterOf(answer), { files });
    expect(verdicts(report)).toEqual({ good: 'failure', bad: 'not-testable' });
    expect(report.results[0]?.sentences[0]).toContain('The adapter failed: ');
    expect(report.results[0]?.sentences[0]).toContain(word);
  });

  test('throws at the end of a session: the case is a failure', async () => {
    const adapter = {
      ...adapterOf(() => ACCEPT),
      end: () => {
        throw new Error('cannot clean up');
      },
    };
    const result = onlyResult(await runVectors(adapter, { files: [fileOf(rsGroup(GOOD))] }));
    expect(result.verdict).toBe('failure');
    expect(result.sentences).toEqual(['The adapter failed: cannot clean up']);
    expect(result.came).toBe('accepted');
  });

  test('knows no set-up: the case is a failure', async () => {
    const group: TestGroup = {
      id: 'group',
      type: 'AsToken',
      comment: 'Tokens.',
      config: AS,
      tests: [{ ...common({ id: 'token' }), state: {}, request: asRequest(), expect: {} }],
    };
    const result = onlyResult(
      await runVectors(
        adapterOf(() => ACCEPT),
        { files: [fileOf(group)] },
      ),
    );
    expect(result.verdict).toBe('failure');
    expect(result.sentences[0]).toContain('values');
  });
});

describe('groups of other questions', () => {
  test('JwtAccessToken asks about the token with its own configuration', async () => {
    const { clock, issuer, audience, jwks, tokenAlgorithms }: RsConfig = RS;
    const config = { server: 'rs', clock, issuer, audience, jwks, tokenAlgorithms } as const;
    const group: TestGroup = {
      id: 'group',
      type: 'JwtAccessToken',
      comment: 'Tokens.',
      config,
      tests: [{ ...common({ id: 'one', result: 'invalid' }), token: 'a.b.c', expect: {} }],
    };
    const adapter = adapterOf(() => REJECT);
    const report = await runVectors(adapter, { files: [fileOf(group)] });
    expect(verdicts(report)).toEqual({ one: 'passed' });
    expect(adapter.asked[0]).toMatchObject({ kind: 'token', clock, config, token: 'a.b.c' });
  });

  test.each(['AsToken', 'AsPar'] as const)('%s fills in what the set-up gave', async (type) => {
    const code = {
      client: 'app',
      redirectUri: 'https://app.example/',
      scope: 's',
      codeChallenge: 'c',
    };
    const state = { codes: { code } };
    const group: TestGroup = {
      id: 'group',
      type,
      comment: 'Tokens.',
      config: AS,
      tests: [
        {
          ...common({ id: 'one' }),
          state,
          request: asRequest({
            fields: [['Authorization', 'DPoP {{code}}']],
            form: [
              ['code', '{{code}}'],
              ['both', '{{code}}-{{code}}'],
            ],
          }),
          expect: {},
        },
      ],
    };
    const adapter = adapterOf(({ kind }) =>
      kind === 'as-setup' ? { values: { code: 'C0DE$&' } } : ACCEPT,
    );
    const report = await runVectors(adapter, { files: [fileOf(group)] });
    expect(verdicts(report)).toEqual({ one: 'passed' });
    expect(adapter.asked[0]).toMatchObject({ kind: 'as-setup', config: AS, state });
    expect(adapter.asked[1]).toMatchObject({
      kind: 'as-request',
      request: {
        fields: [['Authorization', 'DPoP C0DE$&']],
        form: [
          ['code', 'C0DE$&'],
          ['both', 'C0DE$&-C0DE$&'],
        ],
      },
    });
  });

  test('a name that the set-up gave no value for makes the case not testable', async () => {
    const group: TestGroup = {
      id: 'group',
      type: 'AsToken',
      comment: 'Tokens.',
      config: AS,
      tests: [
        {
          ...common({ id: 'one' }),
          state: {},
          request: asRequest({ form: [['code', '{{toString}}']] }),
          expect: {},
        },
      ],
    };
    const adapter = adapterOf(({ kind }) => (kind === 'as-setup' ? { values: {} } : ACCEPT));
    const result = onlyResult(await runVectors(adapter, { files: [fileOf(group)] }));
    expect(result.verdict).toBe('not-testable');
    expect(result.sentences).toEqual(['Nothing stands for {{toString}}.']);
  });
});
