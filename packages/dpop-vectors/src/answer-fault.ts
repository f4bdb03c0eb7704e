import type { QuestionKind } from './questions.ts';
import { quoted } from './words.ts';

type Members = Readonly<Record<string, unknown>>;

/** Says what is wrong with the form of an answer; undefined when nothing is. */
export function answerFault(kind: QuestionKind, answer: unknown): string | undefined {
  if (!isObject(answer)) return `it answers ${quoted(answer)}, which is no JSON object`;
  if ('skip' in answer) {
    return isText(answer.skip) ? undefined : `its skip has no reason but ${quoted(answer.skip)}`;
  }
  return FAULTS[kind](answer);
}

const FAULTS: Readonly<Record<QuestionKind, (answer: Members) => string | undefined>> = {
  'rs-request': decisionFault,
  'as-request': decisionFault,
  'raw-request': decisionFault,
  token: decisionFault,
  'as-setup': ({ values }) =>
    isObject(values) && Object.values(values).every(isText)
      ? undefined
      : 'a set-up is answered with values, an object of strings',
  thumbprint: (answer) =>
    isText(answer.output) || answer.decision === 'reject'
      ? undefined
      : 'a thumbprint is answered with an output or with the decision "reject"',
  signer: activityFault,
};

function decisionFault(answer: Members): string | undefined {
  const { decision, error, status, fields, body, detail } = answer;
  if (decision !== 'accept' && decision !== 'reject') {
    return `its decision is ${quoted(decision)}, neither "accept" nor "reject"`;
  }
  if (!(error == null || isText(error))) return `its error is ${quoted(error)}, no string or null`;
  if (!(status === undefined || Number.isInteger(status))) {
    return `its status is ${quoted(status)}, no whole number`;
  }
  if (!(fields === undefined || areFields(fields)))
    return 'its fields are no list of [name, value]';
  if (!(body === undefined || isObject(body))) return 'its body is no JSON object';
  if (!(detail === undefined || isText(detail))) return 'its detail is no string';
  return undefined;
}

function activityFault({ requests, outcomes }: Members): string | undefined {
  if (!Array.isArray(requests) || !requests.every(isEmittedRequest)) {
    return 'its requests are no list of objects with method, url and fields';
  }
  if (!Array.isArray(outcomes) || !outcomes.every(isOutcome)) {
    return 'its outcomes are no list of objects with is: "response", or is: "error" and shown';
  }
  return undefined;
}

function isEmittedRequest(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { method, url, fields, body } = value;
  return isText(method) && isText(url) && areFields(fields) && (body === undefined || isText(body));
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.is === 'error') return isText(value.shown);
  const { challenges } = value;
  return value.is === 'response' && (challenges === undefined || areChallenges(challenges));
}

function areChallenges(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one) => isObject(one) && isText(one.scheme) && isObject(one.parameters))
  );
}

function areFields(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((line) => Array.isArray(line) && line.length === 2 && line.every(isText))
  );
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
