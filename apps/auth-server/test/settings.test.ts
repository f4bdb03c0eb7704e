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
      'a database without a key for the keys',
      { DATABASE_URL: 'postgresql://db.example/as' },
      /KEY_ENCRYPTION_KEY: required with DATABASE_URL/,
    ],
    [
      'a database that is no URL',
      { DATABASE_URL: 'db.example' },
      /DATABASE_URL: must be a URL such as postgresql:/,
    ],
    [
      'two places for the data',
      { DATABASE_URL: 'postgresql://db.example/as', DATA_DIR: '/var/lib/as' },
      /DATA_DIR: leave it out when DATABASE_URL is set/,
    ],
    [
      'a short key for the keys',
      { KEY_ENCRYPTION_KEY: 'short' },
      /KEY_ENCRYPTION_KEY: each secret must have at least 32/,
    ],
    [
      'RS256 with FAPI',
      { PRESET: 'fapi', CLIENTS_FILE: 'x', SIGNING_ALGORITHM: 'RS256' },
      /SIGNING_ALGORITHM: must be one of ES256, PS256, EdDSA with PRESET fapi/,
    ],
    ['FAPI with published secrets', { PRESET: 'fapi' }, /CLIENTS_FILE: required with PRESET fapi/],
    [
      'a rotation every hour',
      { KEY_ROTATION_DAYS: '0.04' },
      /KEY_ROTATION_DAYS: must be a whole number from 1 to 366/,
    ],
    ['no limit on logins', { LOGINS_PER_MINUTE: '0' }, /LOGINS_PER_MINUTE: must be a whole number/],
    ['a proxy by name', { TRUSTED_PROXIES: 'proxy.example' }, /TRUSTED_PROXIES: must be addresses/],
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

  it('resources with and without a path → as they are', () => {
    const settings = { RESOURCES: ['https://api.example', 'https://api.example/mcp?x=1'] };
    expect(read({ RESOURCES: settings.RESOURCES.join(', ') })).toMatchObject({ settings });
  });

  it.each(['https://api.example#x', 'http://api.example', 'api', 'ftp://localhost'])(
    'the resource %s → exit code 2 [RI-2-01]',
    (resource) => {
      expect(read({ RESOURCES: resource })).toMatchObject({ exitCode: 2 });
    },
  );

  it('proxies by address and by network → accepted', () => {
    const TRUSTED_PROXIES = '127.0.0.1,10.0.0.0/8,::1';
    expect(read({ TRUSTED_PROXIES })).toMatchObject({ settings: { TRUSTED_PROXIES } });
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
