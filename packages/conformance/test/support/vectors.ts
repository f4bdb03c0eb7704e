import { type Adapter, type Case, type CaseResult, runVectors } from '@keybound/dpop-vectors';
import { describe, expect, it } from 'vitest';

/**
 * A test for each case: it holds when the software answers as the case says, with the right code. A case
 * that is skipped or not testable has not passed.
 */
export async function testEachCase(adapter: Adapter, only: (one: Case) => boolean): Promise<void> {
  const { results } = await runVectors(adapter, { only });
  for (const [file, cases] of byFile(results)) {
    describe(file, () => {
      // A loop, because a table would cut the titles off, and the identifiers at their end with them.
      for (const { id, comment, requirements, verdict, sentences, came } of cases) {
        it(`${id}: ${comment} [${requirements.join(', ')}]`, () => {
          expect({ verdict, sentences, came }).toMatchObject({ verdict: 'passed' });
        });
      }
    });
  }
}

function byFile(results: readonly CaseResult[]): ReadonlyMap<string, readonly CaseResult[]> {
  const files = new Map<string, CaseResult[]>();
  for (const result of results) {
    const cases = files.get(result.file) ?? [];
    cases.push(result);
    files.set(result.file, cases);
  }
  return files;
}
