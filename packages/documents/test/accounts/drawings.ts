import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'vitest';
import type { Account } from '../support/account.ts';
import { ROOT, readText } from '../support/pages.ts';

/** A drawing of the packages and apps: it names each of them, and no other. */
export const namesEveryWorkspace: Account = ({ text }) => {
  const folders = globSync('{packages,apps}/*/package.json', { cwd: ROOT }).map((path) =>
    basename(path.replace('/package.json', '')),
  );
  const words = new Set(text.match(/[a-z]+(?:-[a-z]+)*/g));
  expect(
    folders.filter((name) => !words.has(name)),
    'workspaces that the drawing leaves out',
  ).toEqual([]);
};

/**
 * A drawing of the way through the code: what looks like a path (`guard/denial`) leads to a file or a
 * folder of one of these, and what looks like a call or a name of ours stands in their sources.
 *
 * @param folders - where the code is, from the root of the repository
 */
export function namesFilesOf(...folders: readonly string[]): Account {
  return ({ text }) => {
    const code = folders
      .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,html}`, { cwd: ROOT }))
      .map((path) => readText(path))
      .join('\n');
    const paths = text.match(/\b[a-z]+(?:-[a-z]+)*\/(?:[a-z]+(?:-[a-z]+)*\/?)*/g) ?? [];
    const names = text.match(/\b(?:[a-z]+(?:[A-Z][a-z]+)+|(?:[A-Z][a-z]+){2,})\b/g) ?? [];
    expect(paths.length + names.length, 'the drawing names something').toBeGreaterThan(2);
    const leadsNowhere = paths.filter(
      (path) =>
        !folders.some((folder) =>
          [
            path,
            path.replace(/^[^/]+\//, ''),
            `${path}.ts`,
            `${path.replace(/^[^/]+\//, '')}.ts`,
            `${path}.tsx`,
          ].some((tail) => tail !== '' && existsSync(`${ROOT}${folder}/${tail}`)),
        ),
    );
    expect(leadsNowhere, 'paths that lead nowhere').toEqual([]);
    expect(
      names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code)),
      'names that the code does not have',
    ).toEqual([]);
  };
}

const ARROW = /^(\w+)-{1,2}>>(\w+): \S/;

/** A sequence diagram of Mermaid: every arrow is between participants that it declares. */
export const isSequenceDiagram: Account = ({ text }) => {
  const [first, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
  expect(first).toBe('sequenceDiagram');
  const declared = lines.flatMap((line) => /^participant (\w+)/.exec(line)?.[1] ?? []);
  for (const line of lines) {
    const named = ARROW.exec(line)?.slice(1) ?? /^Note over (\w+): \S/.exec(line)?.slice(1);
    if (!line.startsWith('participant '))
      expect(declared, line).toEqual(expect.arrayContaining(named ?? ['an arrow']));
  }
};

/** A configuration that nothing of the repository runs, and whose page says so. */
export function isSaidToBeUntested(sentence: string): Account {
  return ({ page }) => {
    const says = readText(page).replaceAll('\n', ' ').includes(sentence);
    expect(says, `${page} says: ${sentence}`).toBe(true);
  };
}
