import { describe, expect, test } from 'vitest';
import type { SignerAssertion, SignerTest, TestGroup } from '../src/format.ts';
import type { Answer, ClientActivity } from '../src/questions.ts';
import type { CaseResult } from '../src/report.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, onlyResult } from './support/adapters.ts';
import { emitted, PUBLIC_JWK, proofWith, URL_SENT } from './support/proofs.ts';
import { CLOCK, common, fileOf } from './support/vectors.ts';

async function run(
  assertions: readonly SignerAssertion[],
  answer: Answer,
  result: SignerTest['result'] = 'valid',
): Promise<CaseResult> {
  const verdict =
    result === 'acceptable' ? ({ result, policy: 'accept', reason: 'Why.' } as const) : { result };
  const group: TestGroup = {
    id: 'group',
    type: 'Signer',
    comment: 'Clients.',
    config: { clock: CLOCK },
    tests: [
      {
        ...common({ id: 'one', ...verdict }),
        scenario: {
          key: PUBLIC_JWK,
          accessToken: 'token',
          calls: [{ kind: 'fetch', method: 'GET', url: URL_SENT, responses: [] }],
        },
        assertions,
      },
    ],
  };
  return onlyResult(
    await runVectors(
      adapterOf(() => answer),
      { files: [fileOf(group)] },
    ),
  );
}

const ONE: ClientActivity = {
  requests: [emitted()],
  outcomes: [{ is: 'response', status: 200 }],
};
const TWO: ClientActivity = {
  requests: [
    emitted(),
    emitted(proofWith({ payload: { jti: 'jti-2', nonce: 'n' } }), { body: 'x' }),
  ],
  outcomes: [
    { is: 'response', status: 200 },
    { is: 'error', shown: 'no second token' },
  ],
};
const FAILED: ClientActivity = { requests: [], outcomes: [{ is: 'error', shown: 'no' }] };
const PARSED: ClientActivity = {
  requests: [],
  outcomes: [
    { is: 'response', challenges: [{ scheme: 'dpop', parameters: { Algs: 'ES256', error: 'x' } }] },
  ],
};
const wanted = [{ scheme: 'DPoP', parameters: { error: 'x', algs: 'ES256' } }];

type Row = [string, SignerAssertion, ClientActivity];

describe('assertions that hold', () => {
  test.each<Row>([
    ['the number of requests', { kind: 'request-count', count: 2 }, TWO],
    ['at the most so many requests', { kind: 'request-count', atMost: 3 }, TWO],
    ['the method', { kind: 'equals', request: 0, path: 'method', value: 'GET' }, ONE],
    ['the URL', { kind: 'equals', request: 0, path: 'url', value: URL_SENT }, ONE],
    ['the body', { kind: 'equals', request: 1, path: 'body', value: 'x' }, TWO],
    [
      'a field',
      { kind: 'equals', request: 0, path: 'fields.authorization', value: 'DPoP token' },
      ONE,
    ],
    [
      'a member of the key',
      { kind: 'equals', request: 0, path: 'proof.header.jwk.kty', value: 'EC' },
      ONE,
    ],
    ['a claim', { kind: 'equals', request: 1, path: 'proof.payload.nonce', value: 'n' }, TWO],
    ['no such claim', { kind: 'absent', request: 0, path: 'proof.payload.nonce' }, ONE],
    ['no such field', { kind: 'absent', request: 0, path: 'fields.x-other' }, ONE],
    ['a pattern', { kind: 'matches', request: 0, path: 'proof.payload.jti', pattern: '^jti' }, ONE],
    [
      'the members of the key',
      { kind: 'members', request: 0, path: 'proof.header.jwk', names: ['y', 'x', 'kty', 'crv'] },
      ONE,
    ],
    ['all different', { kind: 'distinct', path: 'proof.payload.jti' }, TWO],
    ['a good proof', { kind: 'good-proof', request: 0 }, ONE],
    ['the method as sent', { kind: 'htm-as-sent-or-error', call: 0 }, ONE],
    ['an error before anything was sent', { kind: 'htm-as-sent-or-error', call: 0 }, FAILED],
    ['a response', { kind: 'outcome', call: 0, is: 'response', status: 200 }, TWO],
    ['an error', { kind: 'outcome', call: 1, is: 'error' }, TWO],
    ['an error that hides', { kind: 'error-hides', call: 1, text: 'secret' }, TWO],
    ['challenges', { kind: 'challenges', call: 0, are: wanted }, PARSED],
  ])('%s', async (_, assertion, activity) => {
    expect(await run([assertion], activity)).toMatchObject({ verdict: 'passed', sentences: [] });
  });
});

describe('assertions that do not hold', () => {
  const lowerCase = { ...ONE, requests: [emitted(proofWith(), { method: 'get' })] };
  const unsigned = { ...ONE, requests: [emitted('', { fields: [] })] };

  test.each<[...Row, string]>([
    ['too many requests', { kind: 'request-count', count: 1 }, TWO, '2 requests went out'],
    ['more than the most', { kind: 'request-count', atMost: 1 }, TWO, '1 at the most'],
    [
      'another value',
      { kind: 'equals', request: 0, path: 'method', value: 'POST' },
      ONE,
      'method is "GET" instead of "POST"',
    ],
    [
      'no such request',
      { kind: 'equals', request: 1, path: 'method', value: 'GET' },
      ONE,
      'Request 2 did not go out',
    ],
    [
      'a request of which something should be absent, but which is not there',
      { kind: 'absent', request: 1, path: 'proof.payload.nonce' },
      ONE,
      'did not go out',
    ],
    [
      'a claim that is there',
      { kind: 'absent', request: 1, path: 'proof.payload.nonce' },
      TWO,
      'instead of nothing',
    ],
    [
      'a pattern that does not match',
      { kind: 'matches', request: 0, path: 'proof.payload.jti', pattern: '^x' },
      ONE,
      'something like ^x',
    ],
    [
      'a pattern for a number',
      { kind: 'matches', request: 0, path: 'proof.payload.iat', pattern: '.' },
      ONE,
      'something like',
    ],
    [
      'too few members',
      { kind: 'members', request: 0, path: 'proof.header.jwk', names: ['kty', 'x'] },
      ONE,
      'an object of kty, x',
    ],
    [
      'members of what is not there',
      { kind: 'members', request: 0, path: 'proof.header.jwks', names: [] },
      ONE,
      'undefined',
    ],
    ['twice the same', { kind: 'distinct', path: 'url' }, TWO, 'the same url'],
    ['different, but not everywhere', { kind: 'distinct', path: 'body' }, TWO, 'Not every request'],
    ['different, but only one', { kind: 'distinct', path: 'url' }, ONE, 'not two requests'],
    ['a proof of another method', { kind: 'good-proof', request: 0 }, lowerCase, 'htm is "GET"'],
    [
      'another method than sent',
      { kind: 'htm-as-sent-or-error', call: 0 },
      lowerCase,
      'htm is not the method',
    ],
    [
      'a request without a proof',
      { kind: 'htm-as-sent-or-error', call: 0 },
      unsigned,
      'htm is not the method',
    ],
    [
      'nothing sent, and no error',
      { kind: 'htm-as-sent-or-error', call: 0 },
      { requests: [], outcomes: ONE.outcomes },
      'did not fail',
    ],
    ['an error', { kind: 'outcome', call: 1, is: 'response' }, TWO, 'ended with error'],
    [
      'another status',
      { kind: 'outcome', call: 0, is: 'response', status: 201 },
      TWO,
      '200 instead of 201',
    ],
    ['no such call', { kind: 'outcome', call: 2, is: 'error' }, TWO, 'Call 3 has no outcome'],
    ['an error that shows', { kind: 'error-hides', call: 1, text: 'token' }, TWO, 'shows "token"'],
    ['no error that could hide', { kind: 'error-hides', call: 0, text: 'x' }, TWO, 'did not fail'],
    [
      'another order of challenges',
      { kind: 'challenges', call: 0, are: [...wanted, { scheme: 'Bearer', parameters: {} }] },
      PARSED,
      'the challenges are',
    ],
    [
      'a value in another case',
      { kind: 'challenges', call: 0, are: [{ scheme: 'DPoP', parameters: { algs: 'es256' } }] },
      PARSED,
      'the challenges are',
    ],
  ])('%s', async (_, assertion, activity, sentence) => {
    const result = await run([assertion], activity);
    expect(result.verdict).toBe('failure');
    expect(result.sentences.join(' ')).toContain(sentence);
  });

  test('of an acceptable case are a warning', async () => {
    const result = await run([{ kind: 'request-count', count: 5 }], ONE, 'acceptable');
    expect(result.verdict).toBe('warning');
  });

  test('what the client did is told', async () => {
    const { came, expected } = await run([{ kind: 'request-count', count: 5 }], TWO);
    expect(expected).toBe('1 assertion about the answer');
    expect(came).toBe(
      `2 requests: "GET" "${URL_SENT}", "GET" "${URL_SENT}"; a response 200, an error that shows "no second token"`,
    );
  });
});

describe('an answer that is none', () => {
  test.each<[string, Answer]>([
    ['a decision', ACCEPT],
    ['no outcomes', { requests: [] } as unknown as Answer],
    [
      'a request without fields',
      { requests: [{ method: 'GET', url: 'x' }], outcomes: [] } as never,
    ],
    ['an error that shows nothing', { requests: [], outcomes: [{ is: 'error' }] } as never],
    [
      'challenges without parameters',
      { requests: [], outcomes: [{ is: 'response', challenges: [{ scheme: 'x' }] }] } as never,
    ],
  ])('%s: a failure of the adapter', async (_, answer) => {
    const result = await run([{ kind: 'request-count', count: 0 }], answer);
    expect(result.verdict).toBe('failure');
    expect(result.sentences[0]).toContain('The adapter failed: ');
  });
});
