import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Page } from './pages.ts';

export type Tree = ReturnType<typeof fromMarkdown>;
export type MarkdownNode = Tree | Tree['children'][number];

/** What stands between lines of dashes at the top of a page is for the site, and no Markdown. */
const FRONT_MATTER = /^---\n[\s\S]*?\n---\n/;

/** A page as a tree; lines are those of the file. */
export function parseMarkdown({ text }: Pick<Page, 'text'>): Tree {
  return fromMarkdown(text.replace(FRONT_MATTER, (matter) => matter.replace(/[^\n]+/g, '')));
}

/** Every node of a tree in the order of the text. */
export function* nodesOf(node: MarkdownNode): Generator<MarkdownNode> {
  yield node;
  if (!('children' in node)) return;
  for (const child of node.children) yield* nodesOf(child as MarkdownNode);
}
