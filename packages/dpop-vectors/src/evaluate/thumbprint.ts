import type { ThumbprintTest } from '../format.ts';
import type { Computed, Decision } from '../questions.ts';
import type { Session } from '../session.ts';
import { type Judgement, judged, PASSED } from '../verdict.ts';
import { quoted } from '../words.ts';
import { type Evaluation, shown } from './evaluation.ts';

/** 2026-01-01T00:00:00Z: hashes do not depend on time, and every question says what time it is. */
const CLOCK = 1_767_225_600;

/** Thumbprint: a known answer, or an input that has none. */
export async function evaluateThumbprint(
  session: Session,
  test: ThumbprintTest,
): Promise<Evaluation> {
  const answer = await session.ask({ kind: 'thumbprint', clock: CLOCK, input: test.input });
  const output = outputOf(answer);
  const came = output === null ? 'the input was refused' : `the output ${quoted(output)}`;
  return shown(came, judgeOutput(test, output));
}

/** Where the RFCs allow to refuse an input or to take it, doing the other is a warning; a wrong hash never is. */
function judgeOutput(
  { output: due, result, reason }: ThumbprintTest,
  output: string | null,
): Judgement {
  if (output === due) return PASSED;
  if (output !== null && due !== null) return judged('failure', ['The output is wrong.']);
  const came = output === null ? 'The input was refused' : 'The input was taken';
  if (result !== 'acceptable') {
    return judged('failure', [`${came}, and must ${due === null ? '' : 'not '}be refused.`]);
  }
  return judged('warning', [
    `${came}. The RFCs allow it; the suite holds the opposite to be right: ${reason ?? 'no reason'}`,
  ]);
}

function outputOf(answer: Computed | Decision): string | null {
  return 'output' in answer ? answer.output : null;
}
