import { describe, expect, test } from 'vitest';
import type { ChallengeAssertion, ChallengeTest, FieldLine, TestGroup } from '../src/format.ts';
import type { Decision } from '../src/questions.ts';
import type { CaseResult } from '../src/report.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, onlyResult } from './support/adapters.ts';
import { common, fileOf, RS, request } from './support/vectors.ts';

async function run(
  assertions: readonly ChallengeAssertion[],
  answer: Decision,
  result: ChallengeTest['result'] = 'invalid',
): Promise<CaseResult> {
  const verdict =
    result === 'acceptable' ? ({ result, policy: 'reject', reason: 'Why.' } as const) : { result };
  const group: TestGroup = {
    id: 'group',
    type: 'Challenge',
    comment: 'Challenges.',
    config: RS,
    tests: [{ ...common({ id: 'one', ...verdict }), request: request(), assertions }],
  };
  return onlyResult(
    await runVectors(
      adapterOf(() => answer),
      { files: [fileOf(group)] },
    ),
  );
}

function refused(...fields: readonly FieldLine[]): Decision {
  return { decision: 'reject', status: 401, fields };
}

const DUAL = refused(
  ['WWW-Authenticate', 'Bearer realm="r", DPoP algs="ES256", error="invalid_token"'],
  ['Cache-Control', 'no-store'],
);

describe('assertions that hold', () => {
  test.each<[string, ChallengeAssertion, Decision]>([
    ['the status', { kind: 'status', oneOf: [400, 401] }, DUAL],
    ['a scheme in another case', { kind: 'challenge', scheme: 'dpop' }, DUAL],
    [
      'parameters by value, by presence, by absence',
      {
        kind: 'challenge',
        scheme: 'DPoP',
        has: { error: 'invalid_token', algs: null },
        lacks: ['realm'],
      },
      DUAL,
    ],
    [
      'one of two challenges of a scheme',
      { kind: 'challenge', scheme: 'DPoP', has: { realm: 'b' } },
      refused(['WWW-Authenticate', 'DPoP realm=a'], ['www-authenticate', 'DPoP realm=b']),
    ],
    ['no challenge of a scheme', { kind: 'no-challenge', scheme: 'Basic' }, DUAL],
    ['a good form', { kind: 'well-formed' }, DUAL],
    ['a field once', { kind: 'field-once', name: 'cache-control' }, DUAL],
    ['a field absent', { kind: 'field-absent', name: 'DPoP-Nonce' }, DUAL],
    [
      'a text in a field',
      { kind: 'field-contains', name: 'cache-control', text: 'No-Store' },
      DUAL,
    ],
    ['a text nowhere', { kind: 'nowhere', text: 'secret' }, DUAL],
  ])('%s', async (_, assertion, answer) => {
    expect(await run([assertion], answer)).toMatchObject({ verdict: 'passed', sentences: [] });
  });
});

describe('assertions that do not hold', () => {
  const nonces = refused(['DPoP-Nonce', 'a'], ['dpop-nonce', 'b']);

  test.each<[string, ChallengeAssertion, Decision, string]>([
    ['another status', { kind: 'status', oneOf: [400] }, DUAL, 'status is 401'],
    ['no challenge', { kind: 'challenge', scheme: 'Basic' }, DUAL, 'no Basic challenge'],
    [
      'another value',
      { kind: 'challenge', scheme: 'DPoP', has: { error: 'x' } },
      DUAL,
      'error="x" is missing',
    ],
    [
      'a parameter missing',
      { kind: 'challenge', scheme: 'DPoP', has: { realm: null } },
      DUAL,
      'realm is missing',
    ],
    [
      'a parameter too many',
      { kind: 'challenge', scheme: 'DPoP', lacks: ['error'] },
      DUAL,
      'error must not be there',
    ],
    ['a challenge', { kind: 'no-challenge', scheme: 'bearer' }, DUAL, 'no bearer challenge'],
    [
      'broken grammar',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP algs="']),
      'does not parse',
    ],
    [
      'broken grammar in the second of two fields',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP'], ['WWW-Authenticate', 'DPoP x y']),
      'does not parse',
    ],
    [
      'a parameter twice',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP error="a", error="b"']),
      'more than once',
    ],
    [
      'one value instead of parameters',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP algs=']),
      'parameters',
    ],
    [
      'a quote in a description',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP error_description="say \\"x\\""']),
      'error_description',
    ],
    [
      'a scope with two blanks',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP scope="a  b"']),
      'scope',
    ],
    [
      'an empty error',
      { kind: 'well-formed' },
      refused(['WWW-Authenticate', 'DPoP error=""']),
      'error',
    ],
    ['a field twice', { kind: 'field-once', name: 'DPoP-Nonce' }, nonces, '2 times'],
    ['a field missing', { kind: 'field-once', name: 'DPoP-Nonce' }, DUAL, '0 times'],
    ['a field', { kind: 'field-absent', name: 'DPoP-Nonce' }, nonces, 'must not be there'],
    [
      'another text',
      { kind: 'field-contains', name: 'Cache-Control', text: 'private' },
      DUAL,
      'contains "private"',
    ],
    ['a text in a value', { kind: 'nowhere', text: 'NO-STORE' }, DUAL, 'in "Cache-Control"'],
    [
      'a text in a name',
      { kind: 'nowhere', text: 'set-cookie' },
      refused(['Set-Cookie', 'x']),
      'Set-Cookie',
    ],
  ])('%s', async (_, assertion, answer, sentence) => {
    const result = await run([assertion], answer);
    expect(result.verdict).toBe('failure');
    expect(result.sentences.join(' ')).toContain(sentence);
  });

  test('of an acceptable case are a warning', async () => {
    const result = await run([{ kind: 'challenge', scheme: 'Basic' }], DUAL, 'acceptable');
    expect(result.verdict).toBe('warning');
  });

  test('of a valid case are a failure', async () => {
    const result = await run([{ kind: 'challenge', scheme: 'Basic' }], DUAL, 'valid');
    expect(result.verdict).toBe('failure');
  });
});

describe('an acceptance', () => {
  test('is a failure where a challenge is due', async () => {
    const result = await run([{ kind: 'no-challenge', scheme: 'Basic' }], {
      ...ACCEPT,
      fields: [],
    });
    expect(result.sentences).toEqual(['It must be refused, and was accepted.']);
    expect(result.verdict).toBe('failure');
  });

  test('is what a status of 200 demands', async () => {
    const assertion: ChallengeAssertion = { kind: 'status', oneOf: [200] };
    const accepted = await run([assertion], { ...ACCEPT, fields: [] }, 'valid');
    const rejected = await run([assertion], { decision: 'reject', fields: [] }, 'valid');
    expect([accepted.verdict, rejected.verdict]).toEqual(['passed', 'failure']);
  });
});

test('software that reports no fields cannot be tested', async () => {
  const result = await run([{ kind: 'well-formed' }], { decision: 'reject', status: 401 });
  expect(result.verdict).toBe('not-testable');
});
