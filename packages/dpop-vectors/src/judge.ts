import { isDeepStrictEqual } from 'node:util';
import { valuesOf } from './fields.ts';
import type { Expect, JsonObject, TestCommon } from './format.ts';
import type { Decision } from './questions.ts';
import { combined, type Judgement, judged } from './verdict.ts';
import { either, quoted } from './words.ts';

/** What a decision is held against. */
export type Held = Pick<TestCommon, 'result' | 'policy' | 'reason'>;

/** The decision that the suite holds to be right; undefined where it has no opinion. */
export function heldDecision({ result, policy }: Held): Decision['decision'] | undefined {
  if (result === 'valid') return 'accept';
  if (result === 'invalid') return 'reject';
  return policy;
}

/**
 * Judges an acceptance or a refusal. The wrong decision is a failure, where the RFCs allow it a warning;
 * a refusal with the wrong code is a warning. What the software does not report is not compared.
 */
export function judgeDecision(held: Held, expect: Expect, answer: Decision): Judgement {
  const right = heldDecision(held);
  if (right !== undefined && right !== answer.decision) return wrongDecision(held, answer);
  const shown = judged('warning', [
    ...statusFaults(expect, answer),
    ...(answer.decision === 'reject' ? errorFaults(expect, answer) : []),
    ...fieldFaults(expect, answer),
  ]);
  const body = bodyFaults(expect, answer);
  return answer.decision === 'accept'
    ? combined([judged('failure', body.map(ofAccepted)), shown])
    : combined([shown, judged('warning', body.map(ofRefused))]);
}

function wrongDecision({ result, reason }: Held, { decision }: Decision): Judgement {
  const [came, right] = decision === 'accept' ? ['accepted', 'refused'] : ['refused', 'accepted'];
  if (result !== 'acceptable') {
    return judged('failure', [`It must be ${right}, and was ${came}.`]);
  }
  const why = reason === undefined ? '' : `: ${reason}`;
  return judged('warning', [
    `It was ${came}. The RFCs allow it; the suite holds that it is to be ${right}${why}`,
  ]);
}

function statusFaults({ status: tolerated }: Expect, { status }: Decision): readonly string[] {
  if (tolerated === undefined || status === undefined || tolerated.includes(status)) return [];
  return [`The status is ${status} instead of ${either(tolerated)}.`];
}

function errorFaults({ errors: tolerated }: Expect, { error }: Decision): readonly string[] {
  if (tolerated === undefined || error === undefined) return [];
  if (error === null) {
    return tolerated.length === 0 ? [] : [`There is no error code; ${either(tolerated)} is due.`];
  }
  if (tolerated.includes(error)) return [];
  return tolerated.length === 0
    ? [`The error code is ${quoted(error)}, and none is due.`]
    : [`The error code is ${quoted(error)} instead of ${either(tolerated)}.`];
}

function fieldFaults(expect: Expect, { fields }: Decision): readonly string[] {
  if (fields === undefined) return [];
  const count = (name: string): number => valuesOf(fields, name).length;
  const { fieldsPresent = [], fieldsAbsent = [], fieldsOnce = [] } = expect;
  return [
    ...fieldsPresent.filter((name) => count(name) === 0).map((name) => `${name} is missing.`),
    ...fieldsAbsent.filter((name) => count(name) > 0).map((name) => `${name} must not be there.`),
    ...fieldsOnce
      .filter((name) => count(name) !== 1)
      .map((name) => `${name} is there ${count(name)} times instead of once.`),
  ];
}

/** What is wrong with the JSON body, as the ends of sentences. */
function bodyFaults(expect: Expect, { body }: Decision): readonly string[] {
  if (body === undefined) return [];
  const { bodyAbsent = [], claims, tokenHeader } = expect;
  return [
    ...memberFaults('the member', expect.body ?? {}, body),
    ...bodyAbsent
      .filter((name) => Object.hasOwn(body, name))
      .map((name) => `the body must not have the member ${name}`),
    ...(claims === undefined ? [] : tokenFaults('the claim', claims, body, 1)),
    ...(tokenHeader === undefined ? [] : tokenFaults('the header member', tokenHeader, body, 0)),
  ];
}

function memberFaults(what: string, due: JsonObject, found: JsonObject): readonly string[] {
  return Object.entries(due).flatMap(([name, value]) => {
    if (!Object.hasOwn(found, name)) return [`${what} ${name} is missing`];
    if (isDeepStrictEqual(found[name], value)) return [];
    return [`${what} ${name} is ${quoted(found[name])} instead of ${quoted(value)}`];
  });
}

/** What is wrong with a part of the JWT in `access_token`: the header is part 0, the claims are part 1. */
function tokenFaults(
  what: string,
  due: JsonObject,
  body: JsonObject,
  part: 0 | 1,
): readonly string[] {
  const members = jwtPart(body.access_token, part);
  if (members === undefined) return ['access_token is no JWT that can be read'];
  return memberFaults(what, due, members);
}

function jwtPart(token: unknown, part: 0 | 1): JsonObject | undefined {
  const text = typeof token === 'string' ? token.split('.')[part] : undefined;
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function ofAccepted(fault: string): string {
  return `It was accepted, but ${fault}.`;
}

function ofRefused(fault: string): string {
  return `It was refused, but ${fault}.`;
}
