import type { SequenceStep } from '../format.ts';
import { heldDecision, judgeDecision } from '../judge.ts';
import type { Decision } from '../questions.ts';
import { combined, type Judgement, judged } from '../verdict.ts';

/** Judges the answers of a step; a step that others stand on makes the case not testable. */
export function judgeStep(
  step: SequenceStep,
  answers: readonly Decision[],
  index: number,
  reason: string | undefined,
): Judgement {
  const held = { ...step, ...(reason === undefined ? {} : { reason }) };
  const judgement = combined([
    ...(step.accepted === undefined ? [] : [judgeCount(step.accepted, answers)]),
    ...answers.map((answer) => judgeAnswer(held, answers.length, answer)),
  ]);
  const sentences = named(judgement.sentences, index);
  if (step.setup !== true) return { ...judgement, sentences };
  const right = heldDecision(step);
  const stands =
    judgement.verdict !== 'failure' &&
    (step.accepted !== undefined ||
      right === undefined ||
      answers.every(({ decision }) => decision === right));
  return stands
    ? { ...judgement, sentences }
    : judged('not-testable', [
        ...sentences,
        `The steps behind step ${index + 1} stand on it, and cannot be tested.`,
      ]);
}

/**
 * Where acceptances are counted, an answer may be either. The expectation is then about the refusals, or
 * about the acceptances when all are to be accepted.
 */
function judgeAnswer(
  step: SequenceStep & { readonly reason?: string },
  count: number,
  answer: Decision,
): Judgement {
  if (step.accepted === undefined) return judgeDecision(step, step.expect, answer);
  const accepted = answer.decision === 'accept';
  const about = accepted === (step.accepted === count);
  return judgeDecision(
    { result: accepted ? 'valid' : 'invalid' },
    about ? step.expect : {},
    answer,
  );
}

function judgeCount(due: number, answers: readonly Decision[]): Judgement {
  const accepted = answers.filter(({ decision }) => decision === 'accept').length;
  return judged(
    'failure',
    accepted === due ? [] : [`Of ${answers.length}, ${accepted} were accepted instead of ${due}.`],
  );
}

/** Many requests at once often have one fault in common, which is said once. */
function named(sentences: readonly string[], index: number): readonly string[] {
  return [...new Set(sentences)].map((sentence) => {
    const times = sentences.filter((one) => one === sentence).length;
    return `Step ${index + 1}: ${sentence}${times > 1 ? ` (${times} times)` : ''}`;
  });
}
