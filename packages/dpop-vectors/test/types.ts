/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import {
  type Adapter,
  type Answer,
  loadVectors,
  type Question,
  type Report,
  runVectors,
  selectCases,
  startProcessAdapter,
  type TestGroup,
  type Verdict,
} from '../src/index.ts';

export async function adapters(answer: Adapter['answer']): Promise<void> {
  // @ts-expect-error an adapter that answers nothing
  const silent: Adapter = { name: 'mine' };
  // @ts-expect-error an adapter without a name
  const nameless: Adapter = { answer };
  // @ts-expect-error a program without a command
  await startProcessAdapter({ args: ['adapter.py'] });
  // @ts-expect-error a misspelt option
  await runVectors({ name: 'mine', answer }, { file: loadVectors() });
  // @ts-expect-error a misspelt condition
  selectCases({ flags: ['Oversize'] });
  // @ts-expect-error an adapter that is still promised
  await runVectors(startProcessAdapter({ command: 'python3' }));
  void [silent, nameless];

  await runVectors({ name: 'mine', answer: () => ({ skip: 'Nothing here.' }) });
  await runVectors({ name: 'mine', answer }, { only: selectCases({ only: 'rs-' }) });
}

export function answers(): void {
  // @ts-expect-error a decision that is none
  const maybe: Answer = { decision: 'maybe' };
  // @ts-expect-error a verdict in place of a decision
  const bare: Answer = true;
  // @ts-expect-error fields as an object, which could not tell how often a field occurs
  const fields: Answer = { decision: 'reject', fields: { 'www-authenticate': 'DPoP' } };
  void [maybe, bare, fields];

  const refused: Answer = { decision: 'reject', status: 401, error: null, fields: [['a', 'b']] };
  void refused;
}

export function questions(question: Question): unknown {
  // @ts-expect-error the request of a question that may have none
  void question.request;
  // @ts-expect-error a kind that does not exist
  if (question.kind === 'hello') return undefined;
  switch (question.kind) {
    case 'rs-request':
      return question.request.target;
    case 'as-setup':
      return question.state.codes;
    case 'as-request':
      return question.request.form;
    case 'raw-request':
      return question.raw;
    case 'token':
      return question.token;
    case 'signer':
      return question.scenario;
    case 'thumbprint':
      return question.input;
    default:
      return question satisfies never;
  }
}

export function groups(group: TestGroup): unknown {
  // @ts-expect-error the origin of a group that may have none
  void group.config.origin;
  // @ts-expect-error a case is added
  group.tests.push(group.tests[0]);
  switch (group.type) {
    case 'RsVerify':
      return [group.config.origin, group.tests[0]?.request.target];
    case 'Thumbprint':
      return group.tests[0]?.output;
    default:
      // @ts-expect-error a switch over types that forgets some
      return group satisfies never;
  }
}

export function data(report: Report, verdict: Verdict): void {
  const [file] = loadVectors();
  // @ts-expect-error a file that may not be there
  void file.title;
  if (file === undefined) return;
  // @ts-expect-error a published file is changed
  file.title = '';
  // @ts-expect-error a result is taken out of the report
  report.results.pop();
  // @ts-expect-error a count is mended
  report.counts.failures = 0;
  // @ts-expect-error a verdict that does not exist
  if (verdict === 'ok') return;
  switch (verdict) {
    case 'passed':
    case 'warning':
    case 'failure':
    case 'not-testable':
    case 'skipped':
      break;
    default:
      verdict satisfies never;
  }
}
