import { beforeAll, describe, expect, it } from 'vitest';
import { BY_LANGUAGE } from './accounts/by-language.ts';
import { ACCOUNTS, TWICE } from './accounts/index.ts';
import { commandFault } from './commands/command-fault.ts';
import { blocksOf } from './support/blocks.ts';
import { nodesOf, parseMarkdown } from './support/markdown.ts';
import { readPages } from './support/pages.ts';
import { type RunningWorld, startWorld } from './world/world.ts';

const pages = readPages().map((page) => ({ path: page.path, blocks: blocksOf(page) }));
const blocks = pages.flatMap((page) => page.blocks);

// The database takes seconds, so there is one world for all.
let world: RunningWorld;
beforeAll(async () => {
  world = await startWorld();
  return () => world.close();
}, 120_000);

describe.each(pages.filter((page) => page.blocks.length > 0))('$path', (page) => {
  // Not by it.each, which cuts the names of its cases.
  for (const block of page.blocks) {
    it(`${block.key}, line ${block.line} → is as it says`, async ({ skip }) => {
      const account = ACCOUNTS[block.key] ?? BY_LANGUAGE[block.language];
      if (account === undefined) {
        throw new Error(
          `Nobody accounts for this block. Add '${block.key}' to packages/documents/test/accounts: with runs(...) and what the prose promises of it, or with who runs it.`,
        );
      }
      await account(block, { world, skip });
    });
  }
});

describe('the table of accounts', () => {
  const keys = new Set(blocks.map(({ key }) => key));
  it.each(Object.keys(ACCOUNTS))('%s → its block is there', (key) => {
    expect(
      keys,
      'the block is gone or its heading is another: mend or remove its account',
    ).toContain(key);
  });

  it('no block has two accounts', () => {
    expect(TWICE).toEqual([]);
  });

  it('pages were found, and blocks in them', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/proxies.md', 'packages/core/README.md']),
    );
    expect(blocks.length).toBeGreaterThan(50);
  });
});

describe('commands within the prose, as in `npm run demo`', () => {
  it.each(readPages())('$path', (page) => {
    const commands = [...nodesOf(parseMarkdown(page))].flatMap((node) =>
      node.type === 'inlineCode' && /^np[mx] /.test(node.value) ? node.value : [],
    );
    expect(commands.flatMap((line) => commandFault(line, page.text) ?? [])).toEqual([]);
  });
});
