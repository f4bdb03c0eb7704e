import { readFileSync } from 'node:fs';
import { readSettings } from '@keybound/app-kit';
import { expect, it } from 'vitest';
import { client } from '../src/settings.ts';

it('--help lists every variable, and the README has a row for each', () => {
  const help = readSettings(client, ['--help'], {});
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(help).toMatchObject({ exitCode: 0 });
  for (const name of Object.keys(client.spec)) {
    expect('message' in help && help.message).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(readme).toContain(`| \`${name}\` `);
  }
});

it('a bad variable → one line and exit code 2', () => {
  expect(readSettings(client, [], { ISSUER: 'http://as.example' })).toEqual({
    exitCode: 2,
    message: 'client: ISSUER: must be https (http is for this machine only)',
  });
});
