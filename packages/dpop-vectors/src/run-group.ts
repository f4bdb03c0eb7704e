import { evaluables } from './evaluate/evaluable.ts';
import { type Evaluable, type Evaluation, ended } from './evaluate/evaluation.ts';
import type { TestGroup } from './format.ts';
import type { Adapter } from './questions.ts';
import { openSession } from './session.ts';
import { combined, EarlyEnd, judged } from './verdict.ts';

/**
 * Makes a function that evaluates a case of the group by its id, each case once and in a session of its
 * own: after the case that it stands on.
 */
export function groupEvaluation(
  adapter: Adapter,
  file: string,
  group: TestGroup,
): (id: string) => Promise<Evaluation> {
  const cases = new Map(evaluables(group)?.map((one) => [one.test.id, one]));
  const done = new Map<string, Promise<Evaluation>>();

  function evaluation(id: string): Promise<Evaluation> {
    const known = done.get(id) ?? fresh(id);
    done.set(id, known);
    return known;
  }

  async function fresh(id: string): Promise<Evaluation> {
    const found = cases.get(id);
    if (found === undefined) {
      return ended(judged('skipped', [`This runner knows no groups of type ${group.type}.`]));
    }
    const { base } = found.test;
    const obstacle = base === null || group.type === 'Sequence' ? undefined : await lacking(base);
    return obstacle ?? (await evaluated(adapter, `${file}/${id}`, group.type, found));
  }

  async function lacking(base: string): Promise<Evaluation | undefined> {
    const { stands, judgement } = await evaluation(base);
    if (stands) return undefined;
    const sentence = `Its base ${base} did not work, so a refusal would say nothing: ${judgement.sentences.join(' ')}`;
    return judgement.verdict === 'skipped'
      ? ended(judgement)
      : ended(judged('not-testable', [sentence]));
  }

  return evaluation;
}

async function evaluated(
  adapter: Adapter,
  name: string,
  type: TestGroup['type'],
  { evaluate }: Evaluable,
): Promise<Evaluation> {
  const session = openSession(adapter, name, type);
  const evaluation = await unlessEnded(() => evaluate(session));
  const end = await unlessEnded(async () => {
    await session.end();
    return evaluation;
  });
  if (end === evaluation) return evaluation;
  return { ...evaluation, judgement: combined([evaluation.judgement, end.judgement]) };
}

async function unlessEnded(work: () => Promise<Evaluation>): Promise<Evaluation> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EarlyEnd) return ended(error.judgement);
    throw error;
  }
}
