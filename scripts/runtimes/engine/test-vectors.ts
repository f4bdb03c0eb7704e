import vectorFiles from 'keybound:vectors';
import { describe, expect, it } from 'vitest';
import { createPackageAdapter } from '../../../packages/conformance/src/ours/package-adapter.ts';
import type { GroupType } from '../../../packages/dpop-vectors/src/format.ts';
import { type Case, runVectors } from '../../../packages/dpop-vectors/src/run.ts';

/** A test for each vector of these types that is put to something else than an authorization server. */
export async function testVectors(types: readonly GroupType[]): Promise<void> {
  const only = ({ group }: Case): boolean =>
    types.includes(group.type) && !('server' in group.config && group.config.server === 'as');
  const { results } = await runVectors(createPackageAdapter(), { files: vectorFiles, only });
  for (const { file, id, verdict, sentences, came } of results) {
    describe(file, () => {
      it(id, () => {
        // As one text, because objects are cut short in messages.
        expect([verdict, ...sentences].join(' '), `came: ${came}`).toBe('passed');
      });
    });
  }
}
