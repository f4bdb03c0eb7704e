import { describe, expect, it } from 'vitest';
import { type Bump, caretAllows, dueAdapterReleases } from '../scripts/adapter-releases.ts';

const NAME = '@keybound/adapter';

function due(core: { type: Bump; newVersion: string }, peer: string, adapter?: Bump) {
  const plan = [
    { name: '@keybound/core', ...core },
    ...(adapter === undefined ? [] : [{ name: NAME, type: adapter, newVersion: '9.9.9' }]),
  ];
  const peerDependencies = { '@keybound/core': peer };
  const manifest = { name: NAME, version: '1.0.0', peerDependencies };
  return dueAdapterReleases(plan, [{ folder: 'packages/adapter', manifest }]);
}

describe('the release of an adapter that a new core makes due', () => {
  it.each<[string, Parameters<typeof due>, Bump | undefined]>([
    ['a major of core → a major', [{ type: 'major', newVersion: '2.0.0' }, '^1.4.0'], 'major'],
    [
      'a major of core, and a patch of its own → a major',
      [{ type: 'major', newVersion: '2.0.0' }, '^1.4.0', 'patch'],
      'major',
    ],
    [
      'a major of core, and a major of its own → nothing more',
      [{ type: 'major', newVersion: '2.0.0' }, '^1.4.0', 'major'],
      undefined,
    ],
    [
      'a minor of core after 1.0 → nothing',
      [{ type: 'minor', newVersion: '1.5.0' }, '^1.4.0'],
      undefined,
    ],
    [
      'a minor of core before 1.0 → a minor',
      [{ type: 'minor', newVersion: '0.5.0' }, '^0.4.0'],
      'minor',
    ],
    [
      'a patch of core before 1.0 → nothing',
      [{ type: 'patch', newVersion: '0.4.1' }, '^0.4.0'],
      undefined,
    ],
    [
      'core is not released → nothing',
      [{ type: 'none', newVersion: '1.4.0' }, '^1.4.0'],
      undefined,
    ],
  ])('%s', (_, args, expected) => {
    const expectedReleases = expected === undefined ? [] : [{ name: NAME, type: expected }];
    expect(due(...args)).toEqual(expectedReleases);
  });

  it('a package without core as a peer → nothing', () => {
    const plan = [{ name: '@keybound/core', type: 'major', newVersion: '2.0.0' }] as const;
    const manifest = { name: NAME, version: '1.0.0', dependencies: { '@keybound/core': '^1.0.0' } };
    expect(dueAdapterReleases(plan, [{ folder: 'packages/adapter', manifest }])).toEqual([]);
  });
});

describe('a caret range', () => {
  it.each([
    ['^1.2.3', '1.2.3', true],
    ['^1.2.3', '1.10.0', true],
    ['^1.2.3', '1.2.2', false],
    ['^1.2.3', '2.0.0', false],
    ['^0.2.3', '0.2.4', true],
    ['^0.2.3', '0.2.2', false],
    ['^0.2.3', '0.3.0', false],
    ['^0.2.3', '1.2.3', false],
    ['^0.0.3', '0.0.3', true],
    ['^0.0.3', '0.0.4', false],
    ['^0.0.0', '0.0.0', true],
    ['^0.0.0', '0.0.1', false],
  ])('%s and %s: %s', (range, version, expected) => {
    expect(caretAllows(range, version)).toBe(expected);
  });

  it.each([
    ['>=1.0.0', '1.0.0'],
    ['*', '1.0.0'],
    ['workspace:^', '1.0.0'],
    ['^1.0.0', '1.0.0-rc.1'],
  ])('%s with %s → an error, since the form is another one', (range, version) => {
    expect(() => caretAllows(range, version)).toThrow(Error);
  });
});
