import { toString as textOf } from 'mdast-util-to-string';
import { nodesOf, parseMarkdown } from './markdown.ts';
import type { Page } from './pages.ts';

/** A code block of a page. */
export interface Block {
  /** Names it in the table of accounts: `README.md # Use it: ts 2`. */
  readonly key: string;
  /** The path of its page, from the root of the repository. */
  readonly page: string;
  readonly line: number;
  /** The first word behind the fence, or `plain`. */
  readonly language: string;
  /** What else stands behind the fence. */
  readonly meta: string;
  readonly text: string;
}

/**
 * The code blocks of a page. They are numbered under each heading and for each language, so that a new
 * line of shell does not rename the modules beside it.
 */
export function blocksOf(page: Page): readonly Block[] {
  const counts = new Map<string, number>();
  let heading = 'top';
  const blocks: Block[] = [];
  for (const node of nodesOf(parseMarkdown(page))) {
    if (node.type === 'heading') heading = textOf(node);
    if (node.type !== 'code') continue;
    // A list of lines to mark stands close behind the language: ts{2,4}
    const language = node.lang?.replace(/[{[:].*/, '') || 'plain';
    const name = `${page.path} # ${heading}: ${language}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    blocks.push({
      key: `${name} ${count}`,
      page: page.path,
      line: node.position?.start.line ?? 0,
      language,
      meta: node.meta ?? '',
      text: `${node.value}\n`,
    });
  }
  return blocks;
}
