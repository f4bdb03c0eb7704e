import type { AsConfig, RawTest, RsConfig } from '../format.ts';
import { judgeDecision } from '../judge.ts';
import { filledRaw, withLength } from '../placeholders.ts';
import type { Session } from '../session.ts';
import { setUp } from './authorization-server.ts';
import { configured, decided, type Evaluation, isRs } from './evaluation.ts';

/** RawHttp: exact bytes on a connection. */
export async function evaluateRaw(
  session: Session,
  groupConfig: RsConfig | AsConfig,
  test: RawTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  // Names are an affair of the state of authorization servers; elsewhere the bytes are what they are.
  const named = isRs(config)
    ? test.raw
    : filledRaw(test.raw, await setUp(session, config, test.state));
  const decision = await session.ask({
    kind: 'raw-request',
    clock: config.clock,
    config,
    raw: withLength(named),
    ...(test.peerAddress === undefined ? {} : { peerAddress: test.peerAddress }),
  });
  return decided(decision, judgeDecision(test, test.expect, decision));
}
