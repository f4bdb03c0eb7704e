import { describeDecision } from '../describe.ts';
import type { RsConfig, TestCommon } from '../format.ts';
import type { Decision } from '../questions.ts';
import type { Session } from '../session.ts';
import type { Judgement } from '../verdict.ts';

/** What became of a case. */
export interface Evaluation {
  readonly judgement: Judgement;
  /** What the software answered, in words; null when it was not asked, or gave no answer. */
  readonly came: string | null;
  /** Whether the cases that name this one as their base can be tested. */
  readonly stands: boolean;
}

/** A case, ready to be put to the software. */
export interface Evaluable {
  readonly test: TestCommon;
  readonly evaluate: (session: Session) => Promise<Evaluation>;
}

/** The configuration of a group, with what one case has of its own. */
export function configured<Config extends object>(config: Config, override: object = {}): Config {
  return { ...config, ...override };
}

/** A case that is decided by one acceptance or refusal. */
export function decided(decision: Decision, judgement: Judgement): Evaluation {
  return {
    judgement,
    came: describeDecision(decision),
    stands: decision.decision === 'accept',
  };
}

/** A case of which an output is judged: others stand on it when nothing is wrong with it. */
export function shown(came: string, judgement: Judgement): Evaluation {
  return { judgement, came, stands: judgement.verdict !== 'failure' };
}

/** A case that ended before there was anything to judge. */
export function ended(judgement: Judgement): Evaluation {
  return { judgement, came: null, stands: false };
}

/** Whether a server is a resource server. */
export function isRs(config: { readonly server: 'rs' | 'as' }): config is RsConfig {
  return config.server === 'rs';
}
