import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { STARRED_REQUIREMENTS } from './starred-requirements.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every requirement that a text of a test file cites in brackets: titles and table rows, not comments. */
function citedIn(file: string): string[] {
  const cited: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      for (const [, list = ''] of node.text.matchAll(/\[([A-Z][^\]]*)\]/g)) {
        cited.push(...list.split(/,\s*/));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return cited;
}

const cited = new Set(
  globSync('{packages,apps}/*/test/**/*.test.ts', { cwd: ROOT }).flatMap((path) =>
    citedIn(join(ROOT, path)),
  ),
);

it.each(STARRED_REQUIREMENTS)('%s is cited by the title of a test', (id) => {
  expect([...cited]).toContain(id);
});
