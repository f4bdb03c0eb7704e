import { afterAll, describe, expect, it } from 'vitest';
import { BY_LANGUAGE } from './accounts/by-language.ts';
import { ACCOUNTS } from './accounts/index.ts';
import { blocksOf } from './support/blocks.ts';
import { readPages } from './support/pages.ts';
import { type RunningWorld, startWorld } from './world/world.ts';

const pages = readPages().map((page) => ({ path: page.path, blocks: blocksOf(page) }));
const blocks = pages.flatMap((page) => page.blocks);

/** Starts with the first module that runs: the database takes seconds. */
let world: Promise<RunningWorld> | undefined;
function theWorld(): Promise<RunningWorld> {
  world ??= startWorld();
  return world;
}

afterAll(async () => (await world)?.close());

describe.each(pages.filter((page) => page.blocks.length > 0))('$path', (page) => {
  it.for(page.blocks)(
    '$key, line $line → is as it says',
    { timeout: 120_000 },
    async (block, { skip }) => {
      const account = ACCOUNTS[block.key] ?? BY_LANGUAGE[block.language];
      if (account === undefined) {
        throw new Error(
          `Nobody accounts for this block. Add '${block.key}' to packages/documents/test/accounts: with runs(...) and what the prose promises of it, or with who runs it.`,
        );
      }
      await account(block, { theWorld, skip });
    },
  );
});

describe('the table of accounts', () => {
  const keys = new Set(blocks.map(({ key }) => key));
  it.each(Object.keys(ACCOUNTS))('%s → its block is there', (key) => {
    expect(
      keys,
      'the block is gone or its heading is another: mend or remove its account',
    ).toContain(key);
  });

  it('pages were found, and blocks in them', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/proxies.md', 'packages/core/README.md']),
    );
    expect(blocks.length).toBeGreaterThan(50);
  });
});
