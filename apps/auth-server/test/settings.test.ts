import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readSettings } from '@keybound/app-kit';
import { describe, expect, it } from 'vitest';
import { authServer } from '../src/settings.ts';

const read = (environment: NodeJS.ProcessEnv, ...argv: string[]) =>
  readSettings(authServer, argv, environment);

describe('settings', () => {
  it('--help lists every variable and ends with 0', () => {
    const result = read({}, '--help');
    expect(result).toMatchObject({ exitCode: 0 });
    for (const name of Object.keys(authServer.spec)) {
      expect('message' in result && result.message).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('the README has a row for every variable', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const name of Object.keys(authServer.spec)) expect(readme).toContain(`| \`${name}\` `);
  });

  it.each([
    ['a port that is none', { PORT: 'x' }, /^auth-server: PORT: /],
    [
      'plain http to another machine',
      { PUBLIC_ORIGIN: 'http://as.example' },
      /PUBLIC_ORIGIN: must be https/,
    ],
    [
      'an origin with a path',
      { PUBLIC_ORIGIN: 'https://as.example/' },
      /PUBLIC_ORIGIN: must be an origin/,
    ],
    [
      'a short nonce secret',
      { NONCE_SECRETS: 'short' },
      /NONCE_SECRETS: each secret must have at least 32/,
    ],
    ['an unknown preset', { PRESET: 'lax' }, /^auth-server: PRESET: /],
    [
      'a life of a day',
      { ACCESS_TOKEN_SECONDS: '86400' },
      /ACCESS_TOKEN_SECONDS: must be a whole number from 1 to 3600/,
    ],
    [
      'published secrets on a public origin',
      { PUBLIC_ORIGIN: 'https://as.example' },
      /CLIENTS_FILE: required unless/,
    ],
    [
      'published secrets on an address that others reach',
      { HOST: '0.0.0.0' },
      /CLIENTS_FILE: required unless HOST/,
    ],
  ])('%s → one line and exit code 2', (_name, environment, line) => {
    const result = read(environment);
    expect(result).toMatchObject({ exitCode: 2, message: expect.stringMatching(line) });
    expect('message' in result && result.message.split('\n')).toHaveLength(1);
  });

  it('an unknown argument → exit code 2', () => {
    expect(read({}, '--port=1')).toMatchObject({ exitCode: 2 });
  });

  it('an empty variable counts as unset', () => {
    expect(read({ PORT: '', PUBLIC_ORIGIN: '' })).toMatchObject({ settings: { PORT: 4000 } });
  });

  it('the process itself ends with 2 and one line', () => {
    const main = new URL('../src/main.ts', import.meta.url).pathname;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@keybound/source', main],
      { env: { ...process.env, PORT: 'x' }, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^auth-server: PORT: .*\n$/);
  });
});
