import { valuesOf } from './fields.ts';
import type { AnyTest, Expect, SequenceStep, TestCommon } from './format.ts';
import { heldDecision } from './judge.ts';
import type { CallOutcome, ClientActivity, Decision } from './questions.ts';
import { counted, either, quoted } from './words.ts';

/** What a case expects, in words. */
export function describeExpected(test: AnyTest): string {
  if ('steps' in test) return test.steps.map(describeStep).join('; ');
  if ('assertions' in test)
    return `${counted(test.assertions.length, 'assertion')} about the answer`;
  if ('output' in test) {
    return test.output === null ? 'the input refused' : `the output ${quoted(test.output)}`;
  }
  return describeHeld(test, test.expect);
}

/** What a server decided, in words. */
export function describeDecision({ decision, status, error, fields, detail }: Decision): string {
  const challenges = valuesOf(fields ?? [], 'www-authenticate')
    .map(quoted)
    .join(', ');
  return [
    decision === 'accept' ? 'accepted' : 'refused',
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(error === undefined ? [] : [error === null ? 'no error code' : quoted(error)]),
    ...(challenges === '' ? [] : [`WWW-Authenticate ${challenges}`]),
    ...(detail === undefined ? [] : [`because ${quoted(detail)}`]),
  ].join(', ');
}

/** What was decided in each step, in words; null when nothing was. */
export function describeDecisions(steps: readonly (readonly Decision[])[]): string | null {
  const texts = steps.map((answers, index) => {
    const [first] = answers;
    const accepted = answers.filter(({ decision }) => decision === 'accept').length;
    const text =
      answers.length === 1 && first !== undefined
        ? describeDecision(first)
        : `${accepted} of ${answers.length} accepted`;
    return `step ${index + 1} ${text}`;
  });
  return texts.length === 0 ? null : texts.join('; ');
}

/** What a client did, in words. */
export function describeActivity({ requests, outcomes }: ClientActivity): string {
  const sent = requests.map(({ method, url }) => `${quoted(method)} ${quoted(url)}`).join(', ');
  return `${counted(requests.length, 'request')}${sent === '' ? '' : `: ${sent}`}; ${outcomes
    .map(describeOutcome)
    .join(', ')}`;
}

function describeOutcome(outcome: CallOutcome): string {
  if (outcome.is === 'error') return `an error that shows ${quoted(outcome.shown)}`;
  return outcome.status === undefined ? 'a response' : `a response ${outcome.status}`;
}

function describeStep(step: SequenceStep, index: number): string {
  const due =
    step.accepted === undefined
      ? describeHeld(step, step.expect)
      : `exactly ${step.accepted} of ${step.requests.length * (step.times ?? 1)} accepted`;
  return `step ${index + 1} ${due}`;
}

function describeHeld(held: Pick<TestCommon, 'result' | 'policy'>, expect: Expect): string {
  const right = heldDecision(held);
  if (right === undefined) return 'either';
  const { status, errors } = expect;
  return [
    right === 'accept' ? 'accepted' : 'refused',
    ...(status === undefined ? [] : [`status ${either(status)}`]),
    ...(errors === undefined ? [] : [errors.length === 0 ? 'no error code' : either(errors)]),
    ...(held.result === 'acceptable' ? ['though the RFCs allow the opposite'] : []),
  ].join(', ');
}
