import type { TestCommon, VectorFile } from './format.ts';
import { counted, quoted } from './words.ts';

/** The parts of a group that every type has, so that types of later versions can be told and skipped. */
interface AnyGroup {
  readonly id: string;
  readonly tests: readonly TestCommon[];
}

/**
 * Checks what a run relies on; the schema checks the rest.
 *
 * @throws Error with the file and the fault.
 */
export function checkedVectors(value: unknown, name: string): VectorFile {
  const file = value as VectorFile;
  const fault = fileFault(file, name);
  if (fault !== undefined) throw new Error(`Vector file ${name}: ${fault}`);
  return file;
}

function fileFault(file: VectorFile, name: string): string | undefined {
  if (typeof file !== 'object' || file === null) return 'it is not a JSON object';
  if (file.suite !== 'dpop-vectors') return `suite is ${quoted(file.suite)}, not "dpop-vectors"`;
  if (file.schemaVersion !== 1) {
    return `schemaVersion is ${quoted(file.schemaVersion)}; this runner reads version 1`;
  }
  if (file.file !== name) return `it names itself ${quoted(file.file)}`;
  if (!Array.isArray(file.testGroups)) return 'testGroups is not a list';
  const groups: readonly AnyGroup[] = file.testGroups;
  const broken = groups.find(({ tests }) => !Array.isArray(tests));
  if (broken !== undefined) return `the group ${quoted(broken.id)} has no list of tests`;
  return (
    countFault(file, groups) ??
    repeated('group', groups) ??
    repeated(
      'test',
      groups.flatMap(({ tests }) => tests),
    ) ??
    first(groups, (group) => first(group.tests, (test) => testFault(file, group, test)))
  );
}

function countFault(file: VectorFile, groups: readonly AnyGroup[]): string | undefined {
  const count = groups.reduce((sum, { tests }) => sum + tests.length, 0);
  if (count === file.numberOfTests) return undefined;
  return `numberOfTests is ${quoted(file.numberOfTests)}, and there are ${counted(count, 'test')}`;
}

function repeated(what: string, all: readonly { readonly id: string }[]): string | undefined {
  const seen = new Set<string>();
  for (const { id } of all) {
    if (typeof id !== 'string') return `a ${what} has no id`;
    if (seen.has(id)) return `the ${what} ${quoted(id)} is there twice`;
    seen.add(id);
  }
  return undefined;
}

function testFault(file: VectorFile, group: AnyGroup, test: TestCommon): string | undefined {
  if (!Array.isArray(test.flags)) return `${test.id} has no list of flags`;
  const flag = test.flags.find((name) => !Object.hasOwn(file.notes, name));
  if (flag !== undefined) return `no note says what the flag ${quoted(flag)} of ${test.id} means`;
  return baseFault(group, test);
}

/** A base is a valid case of the same group, and no case is in the end its own base. */
function baseFault(group: AnyGroup, test: TestCommon): string | undefined {
  const passed = new Set([test.id]);
  for (let { base } = test; base !== null; ) {
    const found = group.tests.find(({ id }) => id === base);
    if (found === undefined) {
      return `the base ${quoted(base)} of ${test.id} is not in the group ${group.id}`;
    }
    if (found.result !== 'valid') return `the base ${found.id} of ${test.id} is not a valid case`;
    if (passed.has(found.id)) return `${test.id} stands on itself by way of its base`;
    passed.add(found.id);
    base = found.base;
  }
  return undefined;
}

function first<Item>(
  items: readonly Item[],
  fault: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
