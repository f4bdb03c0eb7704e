import type { TestCommon, VectorFile } from './format.ts';
import { counted } from './words.ts';

/** A line for each file. */
export function listFiles(files: readonly VectorFile[]): string {
  const total = files.reduce((sum, { numberOfTests }) => sum + numberOfTests, 0);
  const lines = files.map(
    ({ file, title, numberOfTests }) => `${file}  ${title} (${counted(numberOfTests, 'case')})`,
  );
  return [...lines, `${counted(total, 'case')} in ${counted(files.length, 'file')}`, ''].join('\n');
}

/** A line for each case. */
export function listCases(files: readonly VectorFile[]): string {
  const lines = files.flatMap(({ file, testGroups }) =>
    testGroups.flatMap(({ tests }) =>
      tests.map(({ id, result, comment }: TestCommon) => `${file}/${id}  ${result}  ${comment}`),
    ),
  );
  return [...lines, ''].join('\n');
}
