import { valuesOf } from './fields.ts';
import type { ChallengeAssertion, FieldLine } from './format.ts';
import { type Challenge, parseChallenges } from './parse-challenge.ts';
import { either, messageOf, quoted } from './words.ts';

/** An answer whose fields are known. */
export interface ShownAnswer {
  readonly decision: 'accept' | 'reject';
  readonly status?: number;
  readonly fields: readonly FieldLine[];
}

type Assertion<Kind extends ChallengeAssertion['kind']> = Extract<
  ChallengeAssertion,
  { readonly kind: Kind }
>;

/** Whether the case is about an answer to a good request. */
export function demandsAcceptance(assertions: readonly ChallengeAssertion[]): boolean {
  return assertions.some((one) => one.kind === 'status' && one.oneOf.includes(200));
}

/** Says which assertions do not hold of an answer, a sentence each. */
export function challengeFaults(
  assertions: readonly ChallengeAssertion[],
  answer: ShownAnswer,
): readonly string[] {
  return assertions.flatMap((assertion) => faults(assertion, answer));
}

function faults(assertion: ChallengeAssertion, answer: ShownAnswer): readonly string[] {
  const { fields } = answer;
  switch (assertion.kind) {
    case 'status':
      return statusFaults(assertion.oneOf, answer);
    case 'challenge':
      return challengeFault(assertion, challengesOf(fields));
    case 'no-challenge':
      return ofScheme(challengesOf(fields), assertion.scheme).length === 0
        ? []
        : [`There must be no ${assertion.scheme} challenge.`];
    case 'well-formed':
      return valuesOf(fields, 'www-authenticate').flatMap(formFaults);
    case 'field-once':
      return countFaults(fields, assertion.name, 1);
    case 'field-absent':
      return countFaults(fields, assertion.name, 0);
    case 'field-contains':
      return valuesOf(fields, assertion.name).some((value) => contains(value, assertion.text))
        ? []
        : [`No field ${assertion.name} contains ${quoted(assertion.text)}.`];
    case 'nowhere':
      return fields
        .filter((line) => line.some((part) => contains(part, assertion.text)))
        .map(
          ([name]) => `${quoted(assertion.text)} must be in no field, and is in ${quoted(name)}.`,
        );
  }
}

function statusFaults(
  oneOf: readonly number[],
  { status, decision }: ShownAnswer,
): readonly string[] {
  if (status === undefined) {
    const demanded = decision === 'reject' && oneOf.every((one) => one < 400);
    return demanded ? ['It must be accepted, and was refused.'] : [];
  }
  return oneOf.includes(status) ? [] : [`The status is ${status} instead of ${either(oneOf)}.`];
}

function challengeFault(
  { scheme, has = {}, lacks = [] }: Assertion<'challenge'>,
  challenges: readonly Challenge[],
): readonly string[] {
  const candidates = ofScheme(challenges, scheme).map(({ parameters }) => [
    ...Object.entries(has)
      .filter(([name, value]) => !hasParameter(parameters, name, value))
      .map(([name, value]) => `${name}${value === null ? '' : `=${quoted(value)}`} is missing`),
    ...lacks
      .filter((name) => hasParameter(parameters, name, null))
      .map((name) => `${name} must not be there`),
  ]);
  if (candidates.some((found) => found.length === 0)) return [];
  const [first] = candidates;
  return first === undefined
    ? [`There is no ${scheme} challenge.`]
    : [`In the ${scheme} challenge, ${first.join(', ')}.`];
}

function hasParameter(
  parameters: Challenge['parameters'],
  name: string,
  value: string | null,
): boolean {
  return parameters.some(
    ([own, text]) => own === name.toLowerCase() && (value === null || text === value),
  );
}

function ofScheme(challenges: readonly Challenge[], scheme: string): readonly Challenge[] {
  return challenges.filter((one) => one.scheme.toLowerCase() === scheme.toLowerCase());
}

/** The challenges of all lines that parse; `well-formed` is the assertion about those that do not. */
function challengesOf(fields: readonly FieldLine[]): readonly Challenge[] {
  return valuesOf(fields, 'www-authenticate').flatMap((value) => {
    try {
      return parseChallenges(value);
    } catch {
      return [];
    }
  });
}

function formFaults(value: string): readonly string[] {
  try {
    return parseChallenges(value).flatMap(parameterFaults);
  } catch (error) {
    return [`WWW-Authenticate ${quoted(value)} does not parse: ${messageOf(error)}.`];
  }
}

/** The characters of RFC 6750 §3, which RFC 9449 §7.1 takes over. */
const CHARACTERS: Readonly<Record<string, RegExp>> = {
  error: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/,
  error_description: /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/,
  error_uri: /^[\x21\x23-\x5b\x5d-\x7e]+$/,
  scope: /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  algs: /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
};

function parameterFaults({ scheme, token68, parameters }: Challenge): readonly string[] {
  if (token68 !== undefined && /^(?:dpop|bearer)$/i.test(scheme)) {
    return [`The ${scheme} challenge has ${quoted(token68)} in place of parameters.`];
  }
  if (parameters.length === 0 && /^bearer$/i.test(scheme)) {
    return ['A Bearer challenge has at least one parameter (RFC 6750 §3).'];
  }
  const names = parameters.map(([name]) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...[...repeated].map((name) => `The ${scheme} challenge names ${name} more than once.`),
    ...parameters
      .filter(([name, text]) => CHARACTERS[name]?.test(text) === false)
      .map(([name, text]) => `${name} of the ${scheme} challenge must not be ${quoted(text)}.`),
  ];
}

function countFaults(fields: readonly FieldLine[], name: string, due: 0 | 1): readonly string[] {
  const count = valuesOf(fields, name).length;
  if (count === due) return [];
  return due === 0
    ? [`${name} must not be there.`]
    : [`${name} is there ${count} times instead of once.`];
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
