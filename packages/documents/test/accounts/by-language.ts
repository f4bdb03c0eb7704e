import { expect } from 'vitest';
import { parseDocument } from 'yaml';
import { commandFault } from '../commands/command-fault.ts';
import type { Account, Accounts } from '../support/account.ts';
import { readText } from '../support/pages.ts';

/** Lines of shell: every command is one of the table, and names what exists. */
const areCommands: Account = ({ text, page }) => {
  // A backslash at the end of a line joins it to the next one.
  const lines = text.replace(/\\\n\s*/g, '').split('\n');
  const prose = readText(page);
  expect(lines.flatMap((line) => commandFault(line, prose) ?? [])).toEqual([]);
};

/** A document of YAML, without a duplicate key. */
export const isYaml: Account = ({ text }) => expect(parseDocument(text).errors).toEqual([]);

/** Variables, each of which a module of the page reads. */
const isReadHere: Account = ({ text, page }) => {
  const names = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('=')[0] ?? '');
  const prose = readText(page);
  expect(names.filter((name) => !prose.includes(`process.env.${name}`))).toEqual([]);
};

/** What counts for all blocks of a language that the table does not name. */
export const BY_LANGUAGE: Accounts = {
  sh: areCommands,
  json: ({ text }) => JSON.parse(text),
  yaml: isYaml,
  ini: isReadHere,
};
