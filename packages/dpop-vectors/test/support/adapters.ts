import type { Adapter, Answer, Decision, Question } from '../../src/questions.ts';
import type { CaseResult, Report } from '../../src/report.ts';
import { schemaFaults } from './schemas.ts';

export interface Recorded extends Adapter {
  readonly asked: readonly Question[];
  readonly ended: readonly string[];
}

/** Software that answers as the function says; each question has to be one of the published protocol. */
export function adapterOf(answer: (question: Question) => Answer | Promise<Answer>): Recorded {
  const asked: Question[] = [];
  const ended: string[] = [];
  return {
    name: 'software',
    asked,
    ended,
    answer(question) {
      const faults = schemaFaults('protocol', question, '#/$defs/question');
      if (faults.length > 0) throw new Error(`not of the protocol: ${faults.join('; ')}`);
      asked.push(question);
      return answer(question);
    },
    end(session) {
      ended.push(session);
    },
  };
}

export const ACCEPT: Decision = { decision: 'accept' };
export const REJECT: Decision = { decision: 'reject' };

/** Verdicts by the id of the case. */
export function verdicts(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(report.results.map(({ id, verdict }) => [id, verdict]));
}

/** The only result of a report. */
export function onlyResult({ results }: Report): CaseResult {
  const [result] = results;
  if (result === undefined || results.length !== 1) throw new Error('not one result');
  return result;
}
