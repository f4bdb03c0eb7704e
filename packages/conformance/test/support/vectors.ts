import { type Adapter, type Case, type CaseResult, runVectors } from '@keybound/dpop-vectors';
import { describe, expect, it } from 'vitest';

/**
 * A test for each case: it holds when the software answers as the case says, with the right code. A case
 * that is skipped or not testable has not passed.
 */
export async function testEachCase(adapter: Adapter, only: (one: Case) => boolean): Promise<void> {
  const { results } = await runVectors(adapter, { only });
  describe.each(byFile(results))('%s', (_file, cases) => {
    it.each(cases)('$name: $comment [$ids]', ({ verdict, sentences, came }) => {
      expect({ verdict, sentences, came }).toMatchObject({ verdict: 'passed' });
    });
  });
}

type Titled = CaseResult & { readonly ids: string };

function byFile(results: readonly CaseResult[]): [string, Titled[]][] {
  const files = new Map<string, Titled[]>();
  for (const result of results) {
    const cases = files.get(result.file) ?? [];
    cases.push({ ...result, ids: result.requirements.join(', ') });
    files.set(result.file, cases);
  }
  return [...files];
}
