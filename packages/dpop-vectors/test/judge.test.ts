import { describe, expect, test } from 'vitest';
import type { Expect } from '../src/format.ts';
import { type Held, judgeDecision } from '../src/judge.ts';
import type { Decision } from '../src/questions.ts';

const VALID: Held = { result: 'valid' };
const INVALID: Held = { result: 'invalid' };
const RATHER_ACCEPT: Held = { result: 'acceptable', policy: 'accept', reason: 'A reason.' };
const RATHER_REJECT: Held = { result: 'acceptable', policy: 'reject', reason: 'A reason.' };
const accept = (more: Partial<Decision> = {}): Decision => ({ decision: 'accept', ...more });
const reject = (more: Partial<Decision> = {}): Decision => ({ decision: 'reject', ...more });

type Row = [string, Held, Expect, Decision, string, string?];

/** A JWT that nobody verifies, with these claims. */
function tokenWith(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}

describe('the decision', () => {
  test.each<Row>([
    ['valid and accepted', VALID, {}, accept(), 'passed'],
    ['valid and refused', VALID, {}, reject(), 'failure', 'must be accepted, and was refused'],
    ['invalid and refused', INVALID, {}, reject(), 'passed'],
    ['invalid and accepted', INVALID, {}, accept(), 'failure', 'must be refused, and was accepted'],
    ['acceptable and as the suite holds', RATHER_ACCEPT, {}, accept(), 'passed'],
    ['acceptable and refused as the suite holds', RATHER_REJECT, {}, reject(), 'passed'],
    ['acceptable and refused against it', RATHER_ACCEPT, {}, reject(), 'warning', 'RFCs allow it'],
    ['acceptable and accepted against it', RATHER_REJECT, {}, accept(), 'warning', 'A reason.'],
    ['acceptable without an opinion, accepted', { result: 'acceptable' }, {}, accept(), 'passed'],
    ['acceptable without an opinion, refused', { result: 'acceptable' }, {}, reject(), 'passed'],
    [
      'acceptable against the suite, whatever else is expected',
      RATHER_ACCEPT,
      { status: [200], errors: [] },
      reject({ status: 401, error: 'invalid_token' }),
      'warning',
      'RFCs allow it',
    ],
  ])('%s', (_, held, expected, answer, verdict, sentence) => {
    const judgement = judgeDecision(held, expected, answer);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.sentences.length).toBe(verdict === 'passed' ? 0 : 1);
    expect(judgement.sentences.join(' ')).toContain(sentence ?? '');
  });
});

describe('what a refusal shows', () => {
  const due: Expect = { status: [401, 400], errors: ['invalid_token', 'invalid_dpop_proof'] };

  test.each<Row>([
    [
      'the preferred status and code',
      INVALID,
      due,
      reject({ status: 401, error: 'invalid_token' }),
      'passed',
    ],
    [
      'a tolerated status and code',
      INVALID,
      due,
      reject({ status: 400, error: 'invalid_dpop_proof' }),
      'passed',
    ],
    ['neither status nor code reported', INVALID, due, reject(), 'passed'],
    [
      'another status',
      INVALID,
      due,
      reject({ status: 403 }),
      'warning',
      '403 instead of 401 or 400',
    ],
    [
      'another code',
      INVALID,
      due,
      reject({ error: 'nonsense' }),
      'warning',
      '"nonsense" instead of',
    ],
    ['no code where one is due', INVALID, due, reject({ error: null }), 'warning', 'no error code'],
    ['no code where none is due', INVALID, { errors: [] }, reject({ error: null }), 'passed'],
    [
      'a code where none is due',
      INVALID,
      { errors: [] },
      reject({ error: 'invalid_token' }),
      'warning',
      'none is due',
    ],
    [
      'a body that is not as it should be',
      INVALID,
      { bodyAbsent: ['access_token'] },
      reject({ body: { access_token: 'x' } }),
      'warning',
      'It was refused, but the body must not have',
    ],
  ])('%s', (_, held, expected, answer, verdict, sentence) => {
    const judgement = judgeDecision(held, expected, answer);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.sentences.join(' ')).toContain(sentence ?? '');
  });

  test('a wrong status, a wrong code and a missing field are three sentences of one warning', () => {
    const judgement = judgeDecision(
      INVALID,
      { ...due, fieldsPresent: ['WWW-Authenticate'] },
      reject({ status: 500, error: 'x', fields: [] }),
    );
    expect(judgement.verdict).toBe('warning');
    expect(judgement.sentences).toHaveLength(3);
  });
});

describe('the fields', () => {
  test.each<Row>([
    ['are not reported', INVALID, { fieldsPresent: ['DPoP-Nonce'] }, reject(), 'passed'],
    [
      'have one in another case',
      INVALID,
      { fieldsPresent: ['DPoP-Nonce'] },
      reject({ fields: [['dpop-nonce', 'n']] }),
      'passed',
    ],
    [
      'lack one',
      INVALID,
      { fieldsPresent: ['DPoP-Nonce'] },
      reject({ fields: [] }),
      'warning',
      'DPoP-Nonce is missing',
    ],
    [
      'have one that must not be there',
      INVALID,
      { fieldsAbsent: ['DPoP-Nonce'] },
      reject({ fields: [['dpop-nonce', 'n']] }),
      'warning',
      'DPoP-Nonce must not be there',
    ],
    [
      'have one twice',
      INVALID,
      { fieldsOnce: ['DPoP-Nonce'] },
      reject({
        fields: [
          ['DPoP-Nonce', 'n'],
          ['dpop-nonce', 'n'],
        ],
      }),
      'warning',
      '2 times instead of once',
    ],
    [
      'lack one of an acceptance',
      VALID,
      { fieldsPresent: ['Cache-Control'] },
      accept({ fields: [] }),
      'warning',
      'Cache-Control is missing',
    ],
  ])('%s', (_, held, expected, answer, verdict, sentence) => {
    const judgement = judgeDecision(held, expected, answer);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.sentences.join(' ')).toContain(sentence ?? '');
  });
});

describe('what an acceptance shows', () => {
  test.each<Row>([
    ['another status', VALID, { status: [200] }, accept({ status: 204 }), 'warning', '204 instead'],
    ['no body reported', VALID, { body: { token_type: 'DPoP' } }, accept(), 'passed'],
    [
      'the body with further members',
      VALID,
      { body: { cnf: { jkt: 'x' } } },
      accept({ body: { cnf: { jkt: 'x' }, active: true } }),
      'passed',
    ],
    [
      'another value in the body',
      VALID,
      { body: { token_type: 'DPoP' } },
      accept({ body: { token_type: 'Bearer' } }),
      'failure',
      'It was accepted, but the member token_type is "Bearer" instead of "DPoP".',
    ],
    [
      'a member that differs in its depth',
      VALID,
      { body: { cnf: { jkt: 'x' } } },
      accept({ body: { cnf: { jkt: 'y' } } }),
      'failure',
      'the member cnf',
    ],
    [
      'a body without the member',
      VALID,
      { body: { token_type: 'DPoP' } },
      accept({ body: {} }),
      'failure',
      'token_type is missing',
    ],
    [
      'a member that must not be there',
      VALID,
      { bodyAbsent: ['refresh_token'] },
      accept({ body: { refresh_token: 'r' } }),
      'failure',
      'must not have the member refresh_token',
    ],
    [
      'the claims of the token',
      VALID,
      { claims: { cnf: { jkt: 'x' } } },
      accept({ body: { access_token: tokenWith({ cnf: { jkt: 'x' }, sub: 'alice' }) } }),
      'passed',
    ],
    [
      'other claims',
      VALID,
      { claims: { cnf: { jkt: 'x' } } },
      accept({ body: { access_token: tokenWith({ cnf: { jkt: 'y' } }) } }),
      'failure',
      'the claim cnf',
    ],
    [
      'a token without claims',
      VALID,
      { claims: { sub: 'alice' } },
      accept({ body: { access_token: 'opaque' } }),
      'failure',
      'no JWT',
    ],
    [
      'no token where its claims are due',
      VALID,
      { claims: { sub: 'alice' } },
      accept({ body: {} }),
      'failure',
      'no JWT',
    ],
    [
      'the wrong body of an acceptable case',
      RATHER_ACCEPT,
      { body: { token_type: 'Bearer' } },
      accept({ body: { token_type: 'DPoP' } }),
      'failure',
      'token_type',
    ],
  ])('%s', (_, held, expected, answer, verdict, sentence) => {
    const judgement = judgeDecision(held, expected, answer);
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.sentences.join(' ')).toContain(sentence ?? '');
  });

  test('a wrong body and a wrong status are a failure that names both', () => {
    const judgement = judgeDecision(
      VALID,
      { status: [200], body: { token_type: 'DPoP' } },
      accept({ status: 201, body: {} }),
    );
    expect(judgement.verdict).toBe('failure');
    expect(judgement.sentences).toHaveLength(2);
  });
});

test('control characters of the software come escaped and long texts cut', () => {
  const answer = reject({ error: `\u001b[2J\u009b${'x'.repeat(1000)}` });
  const [sentence = ''] = judgeDecision(INVALID, { errors: ['invalid_token'] }, answer).sentences;
  expect(sentence).toContain('\\u001b[2J\\u009b');
  expect(sentence.length).toBeLessThan(250);
});
