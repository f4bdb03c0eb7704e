import { isDeepStrictEqual } from 'node:util';
import type { SignerAssertion } from './format.ts';
import { proofFaults } from './good-proof.ts';
import type { ClientActivity, EmittedRequest, ParsedChallenge } from './questions.ts';
import { valueAt } from './request-path.ts';
import { counted, quoted } from './words.ts';

type Assertion<Kind extends SignerAssertion['kind']> = Extract<
  SignerAssertion,
  { readonly kind: Kind }
>;

/** Says which assertions do not hold of what a client did at a time, a sentence each. */
export function signerFaults(
  assertions: readonly SignerAssertion[],
  activity: ClientActivity,
  clock: number,
): readonly string[] {
  return assertions.flatMap((assertion) => {
    const fault =
      'request' in assertion
        ? requestFault(assertion, activity, clock)
        : 'call' in assertion
          ? callFault(assertion, activity)
          : overallFault(assertion, activity);
    return fault === undefined ? [] : [fault];
  });
}

/** Of all requests together. */
function overallFault(
  assertion: Assertion<'request-count' | 'distinct'>,
  { requests }: ClientActivity,
): string | undefined {
  if (assertion.kind === 'request-count') return countFault(assertion, requests.length);
  const { path } = assertion;
  const values = requests.map((request) => valueAt(request, path));
  if (values.includes(undefined)) return `Not every request has ${path}.`;
  if (values.length < 2) return `There are not two requests whose ${path} could differ.`;
  const different = new Set(values.map((value) => JSON.stringify(value)));
  return different.size === values.length ? undefined : `Two requests have the same ${path}.`;
}

function countFault(due: Assertion<'request-count'>, count: number): string | undefined {
  const [holds, wording] =
    'count' in due
      ? [count === due.count, String(due.count)]
      : [count <= due.atMost, `${due.atMost} at the most`];
  return holds ? undefined : `${counted(count, 'request')} went out instead of ${wording}.`;
}

/** Of one request. */
function requestFault(
  assertion: Extract<SignerAssertion, { readonly request: number }>,
  { requests }: ClientActivity,
  clock: number,
): string | undefined {
  const request = requests[assertion.request];
  const name = `Request ${assertion.request + 1}`;
  if (request === undefined) return `${name} did not go out.`;
  if (assertion.kind === 'good-proof') {
    const faults = proofFaults(request, clock);
    return faults.length === 0 ? undefined : `${name}: ${faults.join('; ')}.`;
  }
  const found = valueAt(request, assertion.path);
  if (holds(assertion, found)) return undefined;
  return `${name}: ${assertion.path} is ${quoted(found)} instead of ${wanted(assertion)}.`;
}

type AboutPath = Assertion<'equals' | 'absent' | 'matches' | 'members'>;

function holds(assertion: AboutPath, found: unknown): boolean {
  switch (assertion.kind) {
    case 'equals':
      return isDeepStrictEqual(found, assertion.value);
    case 'absent':
      return found === undefined;
    case 'matches':
      return typeof found === 'string' && new RegExp(assertion.pattern, 'u').test(found);
    case 'members':
      return (
        typeof found === 'object' &&
        found !== null &&
        isDeepStrictEqual(Object.keys(found).sort(), [...assertion.names].sort())
      );
  }
}

function wanted(assertion: AboutPath): string {
  switch (assertion.kind) {
    case 'equals':
      return quoted(assertion.value);
    case 'absent':
      return 'nothing';
    case 'matches':
      return `something like ${assertion.pattern}`;
    case 'members':
      return `an object of ${assertion.names.join(', ')}`;
  }
}

/** Of what came of one call. */
function callFault(
  assertion: Extract<SignerAssertion, { readonly call: number }>,
  { requests, outcomes }: ClientActivity,
): string | undefined {
  const outcome = outcomes[assertion.call];
  const name = `Call ${assertion.call + 1}`;
  if (outcome === undefined) return `${name} has no outcome.`;
  switch (assertion.kind) {
    case 'htm-as-sent-or-error':
      if (requests.length === 0) {
        return outcome.is === 'error' ? undefined : `${name} sent nothing, and did not fail.`;
      }
      return requests.every(isMethodSigned) ? undefined : `${name}: htm is not the method as sent.`;
    case 'outcome':
      if (outcome.is !== assertion.is) return `${name} ended with ${outcome.is}.`;
      return outcome.is === 'error' ||
        assertion.status === undefined ||
        outcome.status === assertion.status
        ? undefined
        : `${name}: the status is ${quoted(outcome.status)} instead of ${assertion.status}.`;
    case 'error-hides':
      if (outcome.is !== 'error') return `${name} did not fail.`;
      return outcome.shown.includes(assertion.text)
        ? `${name}: the error shows ${quoted(assertion.text)}.`
        : undefined;
    case 'challenges': {
      const found = outcome.is === 'response' ? (outcome.challenges ?? []) : [];
      return isDeepStrictEqual(found.map(comparable), assertion.are.map(comparable))
        ? undefined
        : `${name}: the challenges are ${quoted(found)} instead of ${quoted(assertion.are)}.`;
    }
  }
}

function isMethodSigned(request: EmittedRequest): boolean {
  return valueAt(request, 'proof.payload.htm') === request.method;
}

/** Names of schemes and parameters compare without case. */
function comparable({
  scheme,
  parameters,
}: Assertion<'challenges'>['are'][number] | ParsedChallenge): {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, unknown>>;
} {
  const lowered = Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]);
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(lowered) };
}
