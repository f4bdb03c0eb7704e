import type { RequestTest, RsConfig, TokenConfig, TokenTest } from '../format.ts';
import { judgeDecision } from '../judge.ts';
import type { Session } from '../session.ts';
import { configured, decided, type Evaluation } from './evaluation.ts';

/** RsVerify: one request to a protected resource. */
export async function evaluateRequest(
  session: Session,
  groupConfig: RsConfig,
  test: RequestTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  const { clock } = config;
  const decision = await session.ask({ kind: 'rs-request', clock, config, request: test.request });
  return decided(decision, judgeDecision(test, test.expect, decision));
}

/** JwtAccessToken: one access token, without a request around it. */
export async function evaluateToken(
  session: Session,
  groupConfig: TokenConfig,
  test: TokenTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  const { clock } = config;
  const decision = await session.ask({ kind: 'token', clock, config, token: test.token });
  return decided(decision, judgeDecision(test, test.expect, decision));
}
