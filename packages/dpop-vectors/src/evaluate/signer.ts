import { describeActivity } from '../describe.ts';
import type { SignerConfig, SignerTest } from '../format.ts';
import type { Session } from '../session.ts';
import { signerFaults } from '../signer-assertions.ts';
import { judged } from '../verdict.ts';
import { type Evaluation, shown } from './evaluation.ts';

/** Signer: what a client sends, and what its program gets to see. */
export async function evaluateSigner(
  session: Session,
  { clock }: SignerConfig,
  test: SignerTest,
): Promise<Evaluation> {
  const activity = await session.ask({ kind: 'signer', clock, scenario: test.scenario });
  const faults = signerFaults(test.assertions, activity, clock);
  const judgement = judged(test.result === 'acceptable' ? 'warning' : 'failure', faults);
  return shown(describeActivity(activity), judgement);
}
