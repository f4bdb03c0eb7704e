import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What a declaration file adds to modules of others, which API Extractor does not see. */
export interface Augmentations {
  /** The declarations without comments, in the form of the report; empty when there are none. */
  readonly text: string;
  /** Members without a doc comment, such as `FastifyRequest.auth`. */
  readonly undocumented: readonly string[];
}

const printer = ts.createPrinter({ removeComments: true });

/** The `declare module '…'` and `declare global` blocks of a declaration file. */
export function augmentationsIn(file: string): Augmentations {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const blocks = source.statements.filter(isAugmentation);
  const texts = blocks.map((block) => printer.printNode(ts.EmitHint.Unspecified, block, source));
  return {
    text:
      texts.length === 0 ? '' : `\n## Augmentations\n\n\`\`\`ts\n${texts.join('\n\n')}\n\`\`\`\n`,
    undocumented: blocks.flatMap(({ body }) =>
      body !== undefined && ts.isModuleBlock(body) ? body.statements.flatMap(undocumentedIn) : [],
    ),
  };
}

function isAugmentation(statement: ts.Statement): statement is ts.ModuleDeclaration {
  if (!ts.isModuleDeclaration(statement)) return false;
  return ts.isStringLiteral(statement.name) || statement.name.text === 'global';
}

/** An interface of others has a comment there; what is added to it has none but ours. */
function undocumentedIn(statement: ts.Statement): readonly string[] {
  if (!ts.isInterfaceDeclaration(statement)) return [];
  return statement.members
    .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0)
    .map((member) => `${statement.name.text}.${member.name?.getText() ?? '()'}`);
}
