import { describe, expect, it } from 'vitest';
import { type Account, isFile, leads, runs, type Stage, shows } from './support/account.ts';
import { blocksOf } from './support/blocks.ts';
import { readText } from './support/pages.ts';
import type { World } from './world/world.ts';

/** A world without servers, for modules that ask nobody. */
const STAGE: Stage = {
  world: { during: (work) => work({} as World), close: async () => {} },
  skip: (note) => {
    throw new Error(note);
  },
};

/** What an account says of a page with one block. */
async function saidBy(account: Account, text: string): Promise<string> {
  const [block] = blocksOf({ path: 'account-test.md', text });
  if (block === undefined) throw new Error('no block');
  try {
    await account(block, STAGE);
    return 'true';
  } catch (error) {
    return String(error);
  }
}

describe('runs', () => {
  it.each([
    ['a module with the outcome', '# 1\n```ts\nexport const x: number = 1;\n```', 'true'],
    ['another outcome', '# 2\n```ts\nexport const x = 2;\n```', 'expected 2 to be 1'],
    ['a module that throws', "# 3\n```ts\nthrow new Error('no');\n```", 'no'],
    [
      'a variable that nobody sets',
      '# 4\n```ts\nexport const x = process.env.NOBODY;\n```',
      'ENVIRONMENT',
    ],
    ['no module', '# 5\n```sh\nnpm ci\n```', 'is not one module'],
    ['a diff', '# 6\n```diff\n-1\n+2\n```', 'is not one module'],
  ])('%s → %s', async (_, text, said) => {
    expect(
      await saidBy(
        runs((_world, { x }) => expect(x).toBe(1)),
        text,
      ),
    ).toContain(said);
  });
});

describe('leads', () => {
  const fromOneToTwo = leads(
    (_, { x }) => expect(x).toBe(1),
    (_, { x }) => expect(x).toBe(2),
  );
  it.each([
    [
      'both sides with their outcomes',
      '# 7\n```diff\n-export const x = 1;\n+export const x = 2;\n```',
      'true',
    ],
    [
      'another one before',
      '# 8\n```diff\n-export const x = 3;\n+export const x = 2;\n```',
      'expected 3 to be 1',
    ],
    [
      'another one after',
      '# 9\n```diff\n-export const x = 1;\n+export const x = 3;\n```',
      'expected 3 to be 2',
    ],
    ['no diff', '# 10\n```ts\nexport const x = 1;\n```', 'is no diff'],
  ])('%s → %s', async (_, text, said) => {
    expect(await saidBy(fromOneToTwo, text)).toContain(said);
  });
});

describe('isFile', () => {
  const file = 'packages/core/test/readme-example.ts';
  const page = `\`\`\`ts\n${readText(file)}\`\`\``;
  it.each([
    ['the text of the file, and a test that imports it', 'core', page, 'true'],
    ['another text', 'core', page.replace('alice', 'bob'), 'is shown as it is'],
    ['a test that does not import it', 'bearer', page, 'imports what it says it runs'],
  ])('%s', async (_, name, text, said) => {
    const account = isFile(file, `packages/${name}/test/readme.test.ts`);
    expect(await saidBy(account, text)).toContain(said);
  });
});

describe('shows', () => {
  it('what is said → true, another text → not', async () => {
    expect(
      await saidBy(
        shows(() => 'a\nb\n'),
        '```\na\nb\n```',
      ),
    ).toBe('true');
    expect(
      await saidBy(
        shows(() => 'a\nc'),
        '```\na\nb\n```',
      ),
    ).toContain('expected');
  });
});
