import { describe, expect, test } from 'vitest';
import type { AsConfig, RsConfig, SequenceStep, SequenceTest, TestGroup } from '../src/format.ts';
import type { Answer, Question } from '../src/questions.ts';
import type { CaseResult } from '../src/report.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, onlyResult, REJECT, type Recorded } from './support/adapters.ts';
import { AS, asRequest, CLOCK, common, fileOf, RS, request, step } from './support/vectors.ts';

type Answering = (question: Question, count: number) => Answer | Promise<Answer>;

interface Ran {
  readonly result: CaseResult;
  readonly adapter: Recorded;
}

/** Runs one sequence; the answers are told the number of requests before theirs. */
async function run(
  config: RsConfig | AsConfig,
  steps: readonly SequenceStep[],
  answering: Answering,
  more: Partial<SequenceTest> = {},
): Promise<Ran> {
  let count = 0;
  const adapter = adapterOf((question) =>
    question.kind === 'as-setup' ? { values: { rt: 'first' } } : answering(question, count++),
  );
  const group: TestGroup = {
    id: 'group',
    type: 'Sequence',
    comment: 'Steps.',
    config,
    tests: [{ ...common({ id: 'one' }), steps, ...more }],
  };
  const report = await runVectors(adapter, { files: [fileOf(group)] });
  return { result: onlyResult(report), adapter };
}

const INVALID = step({ result: 'invalid' });

describe('the steps', () => {
  test('are asked in order, in one session, and judged each by its own result', async () => {
    const { result, adapter } = await run(RS, [step(), INVALID], (_, count) =>
      count === 0 ? ACCEPT : REJECT,
    );
    expect(result.verdict).toBe('passed');
    expect(result.came).toBe('step 1 accepted; step 2 refused');
    expect(result.expected).toBe('step 1 accepted; step 2 refused');
    expect(adapter.asked.map(({ id }) => id)).toEqual(['file/one#1', 'file/one#2']);
    expect(new Set(adapter.asked.map(({ session }) => session))).toEqual(new Set(['file/one']));
  });

  test('fail with their number in front, and the later ones are still asked', async () => {
    const { result, adapter } = await run(RS, [INVALID, step()], () => ACCEPT);
    expect(result.verdict).toBe('failure');
    expect(result.sentences).toEqual(['Step 1: It must be refused, and was accepted.']);
    expect(adapter.asked).toHaveLength(2);
  });

  test('make a warning where the RFCs allow the opposite, with the reason of the case', async () => {
    const steps = [step({ result: 'acceptable', policy: 'reject' })];
    const { result } = await run(RS, steps, () => ACCEPT, { reason: 'It is safer.' });
    expect(result.verdict).toBe('warning');
    expect(result.sentences[0]).toContain('It is safer.');
  });

  test('have their own clock, and nonces that last', async () => {
    const nonce = { current: 'n2', accepted: ['n1', 'n2'] };
    const { adapter } = await run(
      RS,
      [step({ clock: CLOCK + 5 }), step({ nonce }), step()],
      () => ACCEPT,
    );
    expect(adapter.asked.map(({ clock }) => clock)).toEqual([CLOCK + 5, CLOCK, CLOCK]);
    const nonces = adapter.asked.map((asked) =>
      asked.kind === 'rs-request' ? asked.config.nonce : undefined,
    );
    expect(nonces).toEqual([null, nonce, nonce]);
  });

  test('are not gone through without their base: a sequence has its own beginning', async () => {
    const { result, adapter } = await run(RS, [step()], () => ACCEPT, { base: 'one' });
    expect(result.verdict).toBe('passed');
    expect(adapter.asked).toHaveLength(1);
  });
});

describe('a step that others stand on', () => {
  test.each<[string, SequenceStep, Answer]>([
    ['is refused', step({ setup: true }), REJECT],
    ['is accepted against what it must', step({ setup: true, result: 'invalid' }), ACCEPT],
    [
      'is refused where the suite holds the opposite',
      step({ setup: true, result: 'acceptable', policy: 'accept' }),
      REJECT,
    ],
    [
      'lacks something in its body',
      step({ setup: true, expect: { body: { token_type: 'DPoP' } } }),
      { ...ACCEPT, body: {} },
    ],
    ['is accepted more often than it may', step({ setup: true, times: 2, accepted: 1 }), ACCEPT],
  ])('%s: the case is not testable, and nothing more is asked', async (_, setup, answer) => {
    const { result, adapter } = await run(RS, [setup, INVALID], () => answer);
    expect(result.verdict).toBe('not-testable');
    expect(result.sentences.at(-1)).toContain('cannot be tested');
    expect(adapter.asked).toHaveLength(setup.times ?? 1);
  });

  test('ends as it should: the case goes on', async () => {
    const { result } = await run(RS, [step({ setup: true }), INVALID], (_, count) =>
      count === 0 ? ACCEPT : REJECT,
    );
    expect(result.verdict).toBe('passed');
  });

  test('fails after a failure: the case stays a failure', async () => {
    const { result } = await run(RS, [INVALID, step({ setup: true })], (_, count) =>
      count === 0 ? ACCEPT : REJECT,
    );
    expect(result.verdict).toBe('failure');
  });
});

describe('requests at once', () => {
  test('are all asked before the first answer is there', async () => {
    const release: (() => void)[] = [];
    const requests = [request({ target: '/a' }), request({ target: '/b' })];
    const { adapter, result } = await run(
      RS,
      [step({ requests, times: 3, accepted: 1 })],
      (_, count) =>
        new Promise<Answer>((resolve) => {
          release.push(() => resolve(count === 3 ? ACCEPT : REJECT));
          if (release.length === 6) for (const one of release.reverse()) one();
        }),
    );
    expect(result.verdict).toBe('passed');
    expect(
      adapter.asked.map((asked) => (asked.kind === 'rs-request' ? asked.request.target : '')),
    ).toEqual(['/a', '/b', '/a', '/b', '/a', '/b']);
  });

  test.each([
    ['none', 0, 0],
    ['two', 2, 2],
  ])('of which %s instead of one are accepted: a failure', async (_, accepting, said) => {
    const { result } = await run(RS, [step({ times: 5, accepted: 1 })], (_, count) =>
      count < accepting ? ACCEPT : REJECT,
    );
    expect(result.verdict).toBe('failure');
    expect(result.sentences[0]).toBe(`Step 1: Of 5, ${said} were accepted instead of 1.`);
    expect(result.expected).toBe('step 1 exactly 1 of 5 accepted');
    expect(result.came).toBe(`step 1 ${said} of 5 accepted`);
  });

  test('have one fault in common: it is said once, with its number', async () => {
    const parallel = step({ times: 5, accepted: 1, expect: { errors: ['invalid_dpop_proof'] } });
    const { result } = await run(RS, [parallel], (_, count) =>
      count === 0 ? ACCEPT : { ...REJECT, error: 'invalid_token' },
    );
    expect(result.verdict).toBe('warning');
    expect(result.sentences).toHaveLength(1);
    expect(result.sentences[0]).toContain('(4 times)');
  });

  test('are all to be accepted: the expectation is about the acceptances', async () => {
    const parallel = step({ times: 2, accepted: 2, expect: { body: { token_type: 'DPoP' } } });
    const { result } = await run(RS, [parallel], () => ({ ...ACCEPT, body: {} }));
    expect(result.verdict).toBe('failure');
    expect(result.sentences[0]).toContain('token_type is missing');
  });
});

describe('what later requests take over', () => {
  const use = (value: string): SequenceStep =>
    step({
      requests: [asRequest({ fields: [['X', value]], form: [['v', value]] })],
      result: 'valid',
    });

  /** The value of the form of the last request. */
  const last = ({ adapter }: Ran): unknown => {
    const question = adapter.asked.at(-1);
    return question?.kind === 'as-request' ? question.request.form[0]?.[1] : undefined;
  };

  test.each<[string, string, Answer, string]>([
    ['a value of the set-up', '{{rt}}', ACCEPT, 'first'],
    [
      'a member of a body',
      '{{0.refresh_token}}',
      { ...ACCEPT, body: { refresh_token: 'second' } },
      'second',
    ],
    [
      'a parameter of a redirect',
      '{{0.code}}',
      { ...ACCEPT, fields: [['location', 'https://app.example/?state=s&code=a%26b']] },
      'a&b',
    ],
    ['several in one text', '{{rt}}/{{0.x}}', { ...ACCEPT, body: { x: 'y' } }, 'first/y'],
  ])('%s', async (_, value, answer, filled) => {
    const ran = await run(AS, [use('nothing'), use(value)], () => answer);
    expect(ran.result.verdict).toBe('passed');
    expect(last(ran)).toBe(filled);
    expect(ran.adapter.asked[0]?.kind).toBe('as-setup');
  });

  test.each<[string, string, Answer]>([
    ['no such member', '{{0.refresh_token}}', { ...ACCEPT, body: {} }],
    ['no body', '{{0.refresh_token}}', ACCEPT],
    ['a member that is no string', '{{0.n}}', { ...ACCEPT, body: { n: 1 } }],
    [
      'a redirect without it',
      '{{0.code}}',
      { ...ACCEPT, fields: [['Location', 'https://a.example/']] },
    ],
    ['a redirect to nowhere', '{{0.code}}', { ...ACCEPT, fields: [['Location', '/?code=c']] }],
    ['a step that is still to come', '{{1.code}}', { ...ACCEPT, body: { code: 'c' } }],
  ])('%s: not testable', async (_, value, answer) => {
    const { result } = await run(AS, [use('nothing'), use(value)], () => answer);
    expect(result.verdict).toBe('not-testable');
    expect(result.sentences).toEqual([`Nothing stands for ${value}.`]);
  });

  test('something missing after a failure leaves the failure', async () => {
    const { result } = await run(AS, [use('nothing'), use('{{0.code}}')], () => REJECT);
    expect(result.verdict).toBe('failure');
    expect(result.sentences).toHaveLength(2);
  });
});

describe('an answer that is none', () => {
  test('a skip in a later step skips the case', async () => {
    const { result } = await run(RS, [step(), step()], (_, count) =>
      count === 0 ? ACCEPT : { skip: 'Not built.' },
    );
    expect(result.verdict).toBe('skipped');
    expect(result.sentences).toEqual(['Not built.']);
  });

  test('an adapter that fails in a later step fails the case, and what came before is told', async () => {
    const { result } = await run(RS, [step(), step()], (_, count) => {
      if (count === 0) return ACCEPT;
      throw new Error('broken');
    });
    expect(result.verdict).toBe('failure');
    expect(result.sentences).toEqual(['The adapter failed: broken']);
    expect(result.came).toBe('step 1 accepted');
  });
});
