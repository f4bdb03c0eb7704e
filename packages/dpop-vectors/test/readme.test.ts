import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { USAGE } from '../src/command.ts';
import * as library from '../src/index.ts';
import { readJson } from './support/schemas.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

interface Definition {
  readonly properties?: Readonly<
    Record<string, { readonly const?: string; readonly enum?: string[] }>
  >;
  readonly oneOf?: readonly Definition[];
}

function definitions(name: string): Readonly<Record<string, Definition>> {
  return (readJson(`schemas/${name}.schema.json`) as { $defs: Record<string, Definition> }).$defs;
}

describe('the README tells of', () => {
  const options = (USAGE.match(/^ {2}--[a-z-]+/gm) ?? []).map((option) => option.trim());
  test.each(options.filter((option) => option !== '--help'))('the option %s', (option) => {
    expect(readme).toContain(`| \`${option}`);
  });

  test.each(Object.keys(library))('the export %s', (name) => {
    expect(readme).toMatch(new RegExp(`\\| .*\`${name}[\`(]`));
  });

  const kinds = Object.values(definitions('protocol')).flatMap(
    ({ properties }) => properties?.kind?.const ?? [],
  );
  test.each(kinds)('the question %s', (kind) => {
    expect(readme).toMatch(new RegExp(`\`${kind}\`|"kind":"${kind}"`));
  });

  const types = (definitions('vectors').testGroup?.oneOf ?? []).flatMap(({ properties }) => {
    const type = properties?.type;
    return type?.enum ?? type?.const ?? [];
  });
  test.each(types)('groups of type %s', (type) => {
    expect(readme).toMatch(new RegExp(`\n\\| .*\`${type}\``));
  });
});
