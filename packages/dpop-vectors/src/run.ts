import { describeExpected } from './describe.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import type { AnyTest, TestGroup, VectorFile } from './format.ts';
import { loadVectors } from './load.ts';
import type { Adapter } from './questions.ts';
import { type CaseResult, countsOf, type Report } from './report.ts';
import { groupEvaluation } from './run-group.ts';

/** A case and where it stands. */
export interface Case {
  /** The vector file the case is from. */
  readonly file: VectorFile;
  /** The group whose configuration counts. */
  readonly group: TestGroup;
  /** The case itself. */
  readonly test: AnyTest;
}

/** Which cases are run, and who hears of them. */
export interface RunOptions {
  /** The vector files that are run. @defaultValue the vectors of this package */
  readonly files?: readonly VectorFile[];
  /** Which cases are run; the cases they stand on are asked about, too. @defaultValue all */
  readonly only?: (one: Case) => boolean;
  /** Told of each result as it comes. */
  readonly onResult?: (result: CaseResult) => void;
}

/** Puts the cases to the software under test, one after the other, and closes the adapter at the end. */
export async function runVectors(adapter: Adapter, options: RunOptions = {}): Promise<Report> {
  const { files = loadVectors(), only = () => true, onResult } = options;
  const results: CaseResult[] = [];
  try {
    for (const file of files) {
      for (const group of file.testGroups) {
        const evaluation = groupEvaluation(adapter, file.file, group);
        const tests: readonly AnyTest[] = group.tests;
        for (const test of tests.filter((one) => only({ file, group, test: one }))) {
          const result = resultOf({ file, group, test }, await evaluation(test.id));
          results.push(result);
          onResult?.(result);
        }
      }
    }
  } finally {
    await adapter.close?.();
  }
  const { name, version } = adapter;
  const software = { name, ...(version === undefined ? {} : { version }) };
  return { software, counts: countsOf(results), results };
}

function resultOf({ file, group, test }: Case, { judgement, came }: Evaluation): CaseResult {
  const { id, comment, flags, requirements, result } = test;
  return {
    name: `${file.file}/${id}`,
    file: file.file,
    group: group.id,
    type: group.type,
    id,
    comment,
    flags,
    requirements,
    result,
    ...judgement,
    expected: describeExpected(test),
    came,
  };
}
