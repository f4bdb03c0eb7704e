import { answerFault } from './answer-fault.ts';
import type {
  Adapter,
  Answer,
  ClientActivity,
  Computed,
  Decision,
  Question,
  SetUp,
  Skip,
} from './questions.ts';
import { EarlyEnd } from './verdict.ts';
import { messageOf } from './words.ts';

/** A question before the session has given it its number. */
export type Asking = Question extends infer One
  ? One extends Question
    ? Omit<One, 'id' | 'session' | 'type'>
    : never
  : never;

/** What is answered to each kind of question, where it is not skipped. */
interface AnswerOf {
  readonly 'rs-request': Decision;
  readonly 'as-setup': SetUp;
  readonly 'as-request': Decision;
  readonly 'raw-request': Decision;
  readonly token: Decision;
  readonly signer: ClientActivity;
  readonly thumbprint: Computed | Decision;
}

/** The questions of one case. */
export interface Session {
  /**
   * Asks at once, and gives the answer later.
   *
   * @throws EarlyEnd when the software skips the case, fails, or answers in no known form.
   */
  ask<One extends Asking>(asking: One): Promise<AnswerOf[One['kind']]>;
  /** Nothing more is asked. */
  end(): Promise<void>;
}

/** Opens a session whose questions bear its name and a number. */
export function openSession(adapter: Adapter, name: string, type: Question['type']): Session {
  let asked = 0;
  return {
    async ask<One extends Asking>(asking: One) {
      asked += 1;
      const { kind, ...rest } = asking;
      const question = { kind, id: `${name}#${asked}`, session: name, type, ...rest };
      const answer = await answerTo(adapter, question as unknown as Question);
      return answer as AnswerOf[One['kind']];
    },
    async end() {
      try {
        await adapter.end?.(name);
      } catch (error) {
        throw adapterFailed(messageOf(error));
      }
    },
  };
}

async function answerTo(adapter: Adapter, question: Question): Promise<Exclude<Answer, Skip>> {
  let answer: Answer;
  try {
    answer = await adapter.answer(question);
  } catch (error) {
    throw adapterFailed(messageOf(error));
  }
  const fault = answerFault(question.kind, answer);
  if (fault !== undefined) throw adapterFailed(fault);
  if ('skip' in answer) throw new EarlyEnd('skipped', answer.skip);
  return answer;
}

function adapterFailed(why: string): EarlyEnd {
  return new EarlyEnd('failure', `The adapter failed: ${why}`);
}
