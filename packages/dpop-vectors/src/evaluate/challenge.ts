import { challengeFaults, demandsAcceptance } from '../challenge-assertions.ts';
import { describeDecision } from '../describe.ts';
import type { ChallengeTest, RsConfig } from '../format.ts';
import type { Session } from '../session.ts';
import { EarlyEnd, judged } from '../verdict.ts';
import { configured, type Evaluation, shown } from './evaluation.ts';

/** Challenge: what the fields of an answer must show. */
export async function evaluateChallenge(
  session: Session,
  groupConfig: RsConfig,
  test: ChallengeTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  const { clock } = config;
  const answer = await session.ask({ kind: 'rs-request', clock, config, request: test.request });
  const came = describeDecision(answer);
  if (answer.decision === 'accept' && !demandsAcceptance(test.assertions)) {
    return shown(came, judged('failure', ['It must be refused, and was accepted.']));
  }
  const { fields } = answer;
  if (fields === undefined) {
    throw new EarlyEnd('not-testable', 'The software does not report the fields of its answers.');
  }
  const faults = challengeFaults(test.assertions, { ...answer, fields });
  return shown(came, judged(test.result === 'acceptable' ? 'warning' : 'failure', faults));
}
