import type { TestCommon, TestGroup } from '../format.ts';
import type { Session } from '../session.ts';
import { evaluateAsRequest } from './authorization-server.ts';
import { evaluateChallenge } from './challenge.ts';
import type { Evaluable, Evaluation } from './evaluation.ts';
import { evaluateRaw } from './raw.ts';
import { evaluateRequest, evaluateToken } from './resource-request.ts';
import { evaluateSequence } from './sequence.ts';
import { evaluateSigner } from './signer.ts';
import { evaluateThumbprint } from './thumbprint.ts';

/** The cases of a group, ready to be put to software; undefined for a type that is not known. */
export function evaluables(group: TestGroup): readonly Evaluable[] | undefined {
  switch (group.type) {
    case 'RsVerify':
      return all(group.tests, (test, session) => evaluateRequest(session, group.config, test));
    case 'Challenge':
      return all(group.tests, (test, session) => evaluateChallenge(session, group.config, test));
    case 'JwtAccessToken':
      return all(group.tests, (test, session) => evaluateToken(session, group.config, test));
    case 'AsToken':
    case 'AsPar':
      return all(group.tests, (test, session) => evaluateAsRequest(session, group.config, test));
    case 'Sequence':
      return all(group.tests, (test, session) => evaluateSequence(session, group.config, test));
    case 'RawHttp':
      return all(group.tests, (test, session) => evaluateRaw(session, group.config, test));
    case 'Signer':
      return all(group.tests, (test, session) => evaluateSigner(session, group.config, test));
    case 'Thumbprint':
      return all(group.tests, (test, session) => evaluateThumbprint(session, test));
    default:
      return undefined;
  }
}

function all<Test extends TestCommon>(
  tests: readonly Test[],
  evaluate: (test: Test, session: Session) => Promise<Evaluation>,
): readonly Evaluable[] {
  return tests.map((test) => ({ test, evaluate: (session) => evaluate(test, session) }));
}
