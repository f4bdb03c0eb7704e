import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readSettings } from '@keybound/app-kit';
import { describe, expect, it } from 'vitest';
import { resourceServer } from '../src/settings.ts';

const read = (environment: NodeJS.ProcessEnv, ...argv: string[]) =>
  readSettings(resourceServer, argv, environment);

describe('settings', () => {
  it('--help lists every variable and ends with 0', () => {
    const result = read({}, '--help');
    expect(result).toMatchObject({ exitCode: 0 });
    for (const name of Object.keys(resourceServer.spec)) {
      expect('message' in result && result.message).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('the README has a row for every variable', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const name of Object.keys(resourceServer.spec)) expect(readme).toContain(`| \`${name}\` `);
  });

  it.each([
    ['a port that is none', { PORT: 'x' }, /^resource-server: PORT: /],
    ['plain http to the issuer', { ISSUER: 'http://as.example' }, /ISSUER: must be https/],
    ['another protocol', { ISSUER: 'ftp://localhost' }, /ISSUER: must be https/],
    ['an issuer with a query', { ISSUER: 'https://as.example/?a' }, /ISSUER: must be a URL/],
    ['a Redis URL of another kind', { REDIS_URL: 'http://redis' }, /REDIS_URL: must be a URL such/],
    [
      'a nonce step of 0',
      { NONCE_STEP_SECONDS: '0' },
      /NONCE_STEP_SECONDS: must be a whole number/,
    ],
    [
      'nonce secrets from two places',
      { NONCE_SECRETS: 'x'.repeat(32), NONCE_SECRETS_FILE: 'secrets' },
      /NONCE_SECRETS_FILE: takes the place of NONCE_SECRETS/,
    ],
    [
      'a further origin with a path',
      { FURTHER_ORIGINS: 'https://a.example/x' },
      /FURTHER_ORIGINS: must be origins/,
    ],
    [
      'a mount prefix with a slash at the end',
      { MOUNT_PREFIX: '/api/' },
      /MOUNT_PREFIX: must be a path/,
    ],
    [
      'a proxy that is no address',
      { TRUSTED_PROXIES: '10.0.0.1,proxy' },
      /TRUSTED_PROXIES: trusted proxies: "proxy" is/,
    ],
    ['questions of nobody', { FORWARD_AUTH: 'x-original' }, /FORWARD_AUTH: needs TRUSTED_PROXIES/],
    ['an unknown preset', { PRESET: 'lax' }, /^resource-server: PRESET: /],
    [
      'the published API key on a public origin',
      { PUBLIC_ORIGIN: 'https://rs.example' },
      /API_KEY: required unless/,
    ],
    [
      'the published introspection secret on a public origin',
      { PUBLIC_ORIGIN: 'https://rs.example', API_KEY: 'another' },
      /INTROSPECTION_CLIENT_SECRET: required unless/,
    ],
    [
      'published secrets on an address that others reach',
      { HOST: '0.0.0.0' },
      /API_KEY: required unless HOST/,
    ],
  ])('%s → one line and exit code 2', (_name, environment, line) => {
    const result = read(environment);
    expect(result).toMatchObject({ exitCode: 2, message: expect.stringMatching(line) });
    expect('message' in result && result.message.split('\n')).toHaveLength(1);
  });

  it('an unknown argument → exit code 2', () => {
    expect(read({}, '--port=1')).toMatchObject({ exitCode: 2 });
  });

  it('an issuer with a path and a slash at the end is taken as it is', () => {
    const ISSUER = 'https://as.example/tenant/';
    expect(read({ ISSUER })).toMatchObject({ settings: { ISSUER } });
  });

  it('an empty variable counts as unset', () => {
    expect(read({ PORT: '', PUBLIC_ORIGIN: '' })).toMatchObject({ settings: { PORT: 4001 } });
  });

  it('the process itself ends with 2 and one line', () => {
    const main = new URL('../src/main.ts', import.meta.url).pathname;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@keybound/source', main],
      { env: { ...process.env, PORT: 'x' }, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^resource-server: PORT: .*\n$/);
  });
});
