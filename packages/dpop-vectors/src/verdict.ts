/**
 * `warning`: the decision is one that the RFCs allow, but the suite holds another to be right, or the code
 * is wrong. `not-testable`: what the case stands on did not work, so its outcome would say nothing.
 */
export type Verdict = 'passed' | 'warning' | 'failure' | 'not-testable' | 'skipped';

/** A verdict, and why. */
export interface Judgement {
  readonly verdict: Verdict;
  /** None when the case has passed. */
  readonly sentences: readonly string[];
}

export const PASSED: Judgement = { verdict: 'passed', sentences: [] };

/** Worst last. */
const ORDER: readonly Verdict[] = ['passed', 'warning', 'skipped', 'not-testable', 'failure'];

/** The judgement that the sentences amount to: `verdict` when there are any, else passed. */
export function judged(verdict: Verdict, sentences: readonly string[]): Judgement {
  return sentences.length === 0 ? PASSED : { verdict, sentences };
}

/** The worst verdict of all, with the sentences of all. */
export function combined(judgements: readonly Judgement[]): Judgement {
  const worst = Math.max(0, ...judgements.map(({ verdict }) => ORDER.indexOf(verdict)));
  return {
    verdict: ORDER[worst] ?? 'passed',
    sentences: judgements.flatMap(({ sentences }) => sentences),
  };
}

/** Thrown where a case cannot go on; the judgement is what becomes of it. */
export class EarlyEnd extends Error {
  readonly judgement: Judgement;

  constructor(verdict: Verdict, sentence: string) {
    super(sentence);
    this.name = 'EarlyEnd';
    this.judgement = { verdict, sentences: [sentence] };
  }
}
