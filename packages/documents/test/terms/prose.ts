import { type MarkdownNode, nodesOf, parseMarkdown } from '../support/markdown.ts';
import type { Page } from '../support/pages.ts';

/** A piece of prose and its line. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** The prose of a page: no code, no address, and no text of a link that repeats the name of a file. */
export function proseOf(page: Page): readonly Prose[] {
  const names = new Set<MarkdownNode>();
  const found: Prose[] = [];
  for (const node of nodesOf(parseMarkdown(page))) {
    if (node.type === 'link') {
      for (const child of node.children) {
        if (child.type === 'text' && node.url.includes(child.value))
          names.add(child as MarkdownNode);
      }
    }
    // The texts of pictures are read to people.
    if (node.type === 'image') found.push({ line: lineOf(node), text: node.alt ?? '' });
    if (node.type !== 'text' || names.has(node)) continue;
    found.push({ line: lineOf(node), text: withoutPaths(node.value) });
  }
  return found;
}

/** The prose of the comments of a source: TSDoc and others, without code spans, links and names of parameters. */
export function commentsOf(source: string): readonly Prose[] {
  // A comment begins at the beginning of a line; what stands within texts is none.
  return [...source.matchAll(/^[ \t]*(\/\*\*?[\s\S]*?\*\/|\/\/.*)/gm)].map(
    ({ 1: comment = '', index }) => ({
      line: source.slice(0, index).split('\n').length,
      text: withoutPaths(
        comment
          .replace(/^[ \t]*\/?\*+\/?|^[ \t]*\/\//gm, '')
          .replace(/\s+/g, ' ')
          .replace(/`[^`]*`/g, '')
          .replace(/\{@link [^}]*\}/g, '')
          .replace(/@(?:param|template|defaultValue) \S+/g, ''),
      ),
    }),
  );
}

/** Every text of a value that an interface shows. */
export function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) yield* textsOf(member);
}

/** Addresses, paths and media types are no words. */
function withoutPaths(text: string): string {
  return text.replace(/\S*\w(?::\/\/|[/+])\w\S*/g, '');
}

function lineOf({ position }: MarkdownNode): number {
  return position?.start.line ?? 0;
}
