import { describeDecisions } from '../describe.ts';
import type {
  AsConfig,
  AsRequestVector,
  NonceConfig,
  RequestVector,
  RsConfig,
  SequenceStep,
  SequenceTest,
} from '../format.ts';
import { capture, filledRequest, type Lookup } from '../placeholders.ts';
import type { Decision } from '../questions.ts';
import type { Session } from '../session.ts';
import { combined, EarlyEnd, type Judgement } from '../verdict.ts';
import { setUp } from './authorization-server.ts';
import { configured, type Evaluation, isRs } from './evaluation.ts';
import { judgeStep } from './judge-step.ts';

/** Sequence: steps in order at one server; the requests of a step are all under way at once. */
export async function evaluateSequence(
  session: Session,
  groupConfig: RsConfig | AsConfig,
  test: SequenceTest,
): Promise<Evaluation> {
  const config = configured(groupConfig, test.override);
  const judgements: Judgement[] = [];
  const answers: (readonly Decision[])[] = [];
  try {
    const values = isRs(config) ? none : await setUp(session, config, test.state);
    const lookup: Lookup = (name) => values(name) ?? captured(answers, name);
    let { nonce } = config;
    for (const [index, step] of test.steps.entries()) {
      nonce = step.nonce ?? nonce;
      const came = await askStep(session, { config, nonce, step, lookup });
      answers.push(came);
      const judgement = judgeStep(step, came, index, test.reason);
      judgements.push(judgement);
      if (judgement.verdict === 'not-testable') break;
    }
  } catch (error) {
    if (!(error instanceof EarlyEnd)) throw error;
    judgements.push(error.judgement);
  }
  return { judgement: combined(judgements), came: describeDecisions(answers), stands: false };
}

interface Asked {
  readonly config: RsConfig | AsConfig;
  readonly nonce: NonceConfig | null;
  readonly step: SequenceStep;
  readonly lookup: Lookup;
}

/** Asks everything before it waits for anything. */
async function askStep(session: Session, asked: Asked): Promise<readonly Decision[]> {
  const { step, config, nonce, lookup } = asked;
  const clock = step.clock ?? config.clock;
  const ask = (request: RequestVector | AsRequestVector): Promise<Decision> =>
    isRs(config)
      ? session.ask({
          kind: 'rs-request',
          clock,
          config: { ...config, nonce },
          request: request as RequestVector,
        })
      : session.ask({
          kind: 'as-request',
          clock,
          config: { ...config, nonce },
          request: filledRequest(request as AsRequestVector, lookup),
        });
  const rounds = Array.from({ length: step.times ?? 1 }, () => step.requests);
  return await Promise.all(rounds.flat().map(ask));
}

/** `0.code` is the member `code` of the first answer of the first step. */
function captured(answers: readonly (readonly Decision[])[], name: string): string | undefined {
  const [, step, member] = /^(\d+)\.(.+)$/s.exec(name) ?? [];
  if (step === undefined || member === undefined) return undefined;
  return capture(answers[Number(step)]?.[0], member);
}

function none(): undefined {
  return undefined;
}
