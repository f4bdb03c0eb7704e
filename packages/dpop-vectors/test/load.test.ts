import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { TestCommon } from '../src/format.ts';
import { loadKeys, loadRequirements, loadVectors } from '../src/load.ts';
import { fileOf, requestTest, rsGroup } from './support/vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(content: unknown): unknown {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, 'file.json'), text);
  return loadVectors(folder);
}

const GOOD = requestTest({ id: 'good' });

describe('the files of the package', () => {
  test('load, in the order of their names', () => {
    const names = loadVectors().map(({ file }) => file);
    expect(names).toContain('rs-baselines');
    expect(names).toEqual([...names].sort());
  });

  test('name in their cases only requirements of the catalogue', () => {
    const known = new Set(loadRequirements().map(({ id }) => id));
    const named = loadVectors().flatMap(({ file, testGroups }) =>
      testGroups.flatMap(({ tests }) =>
        tests.flatMap((test: TestCommon) =>
          test.requirements.map((id) => ({ case: `${file}/${test.id}`, id })),
        ),
      ),
    );
    expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  test('are signed with published keys', () => {
    expect(loadKeys().ec1).toMatchObject({ alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' } });
  });
});

describe('a folder', () => {
  test('may be a path or a URL', () => {
    const file = fileOf(rsGroup(GOOD));
    expect(load(file)).toEqual([file]);
    expect(loadVectors(pathToFileURL(folder))).toEqual([file]);
  });

  test('may have groups of types to come', () => {
    const file = { ...fileOf({ ...rsGroup(GOOD), type: 'New' } as never) };
    expect(load(file)).toEqual([file]);
  });

  test('has to be there', () => {
    expect(() => loadVectors(join(folder, 'nowhere'))).toThrow('ENOENT');
  });
});

describe('a file is refused when', () => {
  const good = fileOf(rsGroup(GOOD));
  const other = requestTest({ id: 'other', result: 'invalid' });

  test.each<[string, unknown, string]>([
    ['it is not JSON', '{', 'is not JSON'],
    ['it is no object', '"text"', 'not a JSON object'],
    ['it is of another suite', { ...good, suite: 'x' }, 'suite is "x"'],
    ['it is of another version', { ...good, schemaVersion: 2 }, 'this runner reads version 1'],
    ['it has another name', { ...good, file: 'x' }, 'names itself "x"'],
    ['it has no groups', { ...good, testGroups: undefined }, 'testGroups is not a list'],
    [
      'a group has no tests',
      { ...good, testGroups: [{ id: 'g' }] },
      'the group "g" has no list of tests',
    ],
    [
      'its count is wrong',
      { ...good, numberOfTests: 2 },
      'numberOfTests is 2, and there are 1 test',
    ],
    [
      'a group is there twice',
      fileOf(rsGroup(GOOD), rsGroup()),
      'the group "group" is there twice',
    ],
    ['a case is there twice', fileOf(rsGroup(GOOD, GOOD)), 'the test "good" is there twice'],
    [
      'a case is there twice in two groups',
      fileOf(rsGroup(GOOD), { ...rsGroup(GOOD), id: 'group2' }),
      'the test "good" is there twice',
    ],
    ['a case has no id', fileOf(rsGroup({ ...GOOD, id: undefined as never })), 'a test has no id'],
    [
      'a case has no flags',
      fileOf(rsGroup({ ...GOOD, flags: undefined as never })),
      'good has no list of flags',
    ],
    ['a flag has no note', fileOf(rsGroup({ ...GOOD, flags: ['X'] })), 'what the flag "X" of good'],
    [
      'a base is nowhere',
      fileOf(rsGroup({ ...GOOD, base: 'x' })),
      'the base "x" of good is not in the group group',
    ],
    [
      'a base is in another group',
      fileOf(rsGroup(GOOD), { ...rsGroup({ ...other, base: 'good' }), id: 'group2' }),
      'the base "good" of other is not in the group group2',
    ],
    [
      'a base is no valid case',
      fileOf(rsGroup(other, { ...GOOD, base: 'other' })),
      'the base other of good is not a valid case',
    ],
    [
      'a case is its own base',
      fileOf(rsGroup({ ...GOOD, base: 'good' })),
      'good stands on itself by way of its base',
    ],
    [
      'two cases are each the base of the other',
      fileOf(rsGroup({ ...GOOD, base: 'b' }, requestTest({ id: 'b', base: 'good' }))),
      'stands on itself by way of its base',
    ],
  ])('%s', (_, content, message) => {
    expect(() => load(content)).toThrow(message);
  });
});
