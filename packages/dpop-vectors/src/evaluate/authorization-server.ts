import type { AsConfig, AsState, AsTest } from '../format.ts';
import { judgeDecision } from '../judge.ts';
import { filledRequest, type Lookup } from '../placeholders.ts';
import type { Session } from '../session.ts';
import { configured, decided, type Evaluation } from './evaluation.ts';

/** AsToken and AsPar: one request to an authorization server that has been made ready. */
export async function evaluateAsRequest(
  session: Session,
  groupConfig: AsConfig,
  test: AsTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  const lookup = await setUp(session, config, test.state);
  const request = filledRequest(test.request, lookup);
  const { clock } = config;
  const decision = await session.ask({ kind: 'as-request', clock, config, request });
  return decided(decision, judgeDecision(test, test.expect, decision));
}

/** Has the server made ready, and looks up what its codes and tokens are. */
export async function setUp(
  session: Session,
  config: AsConfig,
  state: AsState = {},
): Promise<Lookup> {
  const { values } = await session.ask({ kind: 'as-setup', clock: config.clock, config, state });
  return (name) => (Object.hasOwn(values, name) ? values[name] : undefined);
}
