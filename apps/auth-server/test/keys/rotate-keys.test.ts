import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/commands/command-result.ts';
import { rotateKeysCommand } from '../../src/commands/rotate-keys.ts';
import { type DatabaseOptions, openDatabase } from '../../src/database/database.ts';
import { KEY_SET_STALE_SECONDS } from '../../src/keys/key-schedule.ts';
import { createSigningKeys } from '../../src/keys/signing-keys.ts';
import { useDatabase } from '../support/database.ts';
import { createKeyWorld, type KeyWorld, kidsByStatus, SECRET } from './key-world.ts';

const database = useDatabase();
let world: KeyWorld;
let opened: DatabaseOptions[];
let closed: number;
beforeEach(() => {
  world = createKeyWorld(database.db);
  opened = [];
  closed = 0;
});

const ON_SERVER = { DATABASE_URL: 'postgresql://db.example/keybound', KEY_ENCRYPTION_KEY: SECRET };

/** The command with the database of the test behind every URL and folder. */
function run(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandResult> {
  return rotateKeysCommand(argv, environment, {
    open: async (options) => {
      opened.push(options);
      return {
        db: database.db,
        close: async () => {
          closed++;
        },
      };
    },
    clock: world.clock,
    audit: (event) => world.events.push(event),
  });
}

describe('rotate-keys: arguments and settings', () => {
  it('--help → how it is used, exit code 0', async () => {
    const { exitCode, message } = await run(['--help'], {});
    expect(exitCode).toBe(0);
    for (const word of [
      '--force',
      '--revoke-current',
      '--revoke-all',
      'DATABASE_URL',
      'DATA_DIR',
    ]) {
      expect(message).toContain(word);
    }
  });

  it.each([
    ['an unknown option', ['--now'], 'rotate-keys: unknown argument; see --help'],
    ['a word', ['current'], 'rotate-keys: unknown argument; see --help'],
    [
      'revoking without --force',
      ['--revoke-current'],
      'rotate-keys: revoking does not wait, so add --force; see --help',
    ],
    [
      'both ways of revoking',
      ['--force', '--revoke-current', '--revoke-all'],
      'rotate-keys: --revoke-current and --revoke-all exclude each other; see --help',
    ],
  ])('%s → one line, exit code 2, no database opened', async (_circumstance, argv, message) => {
    expect(await run(argv, ON_SERVER)).toEqual({ exitCode: 2, message });
    expect(opened).toEqual([]);
  });

  it('neither DATABASE_URL nor DATA_DIR → nothing to rotate, exit code 2', async () => {
    const { exitCode, message } = await run([], {});
    expect(exitCode).toBe(2);
    expect(message).toMatch(/^rotate-keys: nothing to rotate: .* memory of the server$/);
    expect(opened).toEqual([]);
  });

  it('DATABASE_URL without KEY_ENCRYPTION_KEY → exit code 2, nothing sealed with a passing key', async () => {
    const { exitCode, message } = await run([], { DATABASE_URL: ON_SERVER.DATABASE_URL });
    expect(exitCode).toBe(2);
    expect(message).toContain('KEY_ENCRYPTION_KEY: required with DATABASE_URL');
    expect(opened).toEqual([]);
  });
});

describe('rotate-keys: what it does', () => {
  it('no option, the next key too young → says when, exit code 1, nothing changed', async () => {
    await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    expect(await run([], ON_SERVER)).toEqual({
      exitCode: 1,
      message: `rotate-keys: not rotated: ${before.current[0]} stays current; verifiers may not know the next key ${before.next[0]} before ${new Date((world.clock() + KEY_SET_STALE_SECONDS) * 1000).toISOString()}; --force does not wait`,
    });
    expect(await kidsByStatus(database.db)).toEqual(before);
    expect(closed).toBe(1);
  });

  it('no option, the next key published long enough → old and new kid in one line, audited', async () => {
    await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    world.clock.advance(KEY_SET_STALE_SECONDS);
    const { exitCode, message } = await run([], ON_SERVER);
    expect(exitCode).toBe(0);
    expect(message).toBe(
      `rotate-keys: ${before.current[0]} -> ${before.next[0]}; the old key stays published for 65 min, so its tokens stay good; instances follow within 30 s`,
    );
    expect(await kidsByStatus(database.db)).toMatchObject({ current: before.next });
    expect(world.events).toEqual([
      { event: 'key_rotated', kid: before.next[0], algorithm: 'ES256' },
    ]);
    expect(opened).toEqual([{ url: ON_SERVER.DATABASE_URL }]);
    expect(closed).toBe(1);
  });

  it.each([
    [['--force'], 1, /; verifiers that do not know the new key yet refuse its tokens until/],
    [
      ['--force', '--revoke-current'],
      0,
      /; the old key is removed: tokens signed before are refused/,
    ],
    [
      ['--force', '--revoke-all'],
      0,
      /; all old keys are removed: tokens signed before are refused/,
    ],
  ])(
    '%j → does not wait, keeps %i retired keys, says what follows',
    async (argv, kept, sentence) => {
      await createSigningKeys(world.options());
      const before = await kidsByStatus(database.db);
      const { exitCode, message } = await run(argv, ON_SERVER);
      expect(exitCode).toBe(0);
      expect(message).toMatch(sentence);
      expect(message).not.toContain('\n');
      const { current, retired } = await kidsByStatus(database.db);
      expect(message.startsWith(`rotate-keys: ${before.current[0]} -> ${current[0]}; `)).toBe(true);
      expect(retired).toHaveLength(kept);
    },
  );

  it('SIGNING_ALGORITHM of the environment → the algorithm of the new keys', async () => {
    await run(['--force'], { ...ON_SERVER, SIGNING_ALGORITHM: 'EdDSA' });
    const keys = await createSigningKeys(world.options({ algorithm: 'EdDSA' }));
    expect((await keys.current()).algorithm).toBe('EdDSA');
  });

  it('another secret than the keys were sealed with → one sentence, exit code 1', async () => {
    await createSigningKeys(world.options());
    const environment = {
      ...ON_SERVER,
      KEY_ENCRYPTION_KEY: 'some-other-secret-of-32-characters-or-more',
    };
    const { exitCode, message } = await run(['--force'], environment);
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^rotate-keys: signing key \S+ cannot be opened: [^\n]*$/);
    expect(closed).toBe(1);
  });
});

describe('rotate-keys: the database cannot be opened', () => {
  const refused = new Error('connect ECONNREFUSED');
  it.each([
    ['a failed query', new Error('Failed query: select …\nparams: …', { cause: refused })],
    ['several addresses', new AggregateError([refused, refused])],
  ])('%s → the cause in one line, exit code 1', async (_circumstance, error) => {
    const effects = {
      open: () => Promise.reject(error),
      clock: world.clock,
      audit: () => {},
    };
    expect(await rotateKeysCommand([], ON_SERVER, effects)).toEqual({
      exitCode: 1,
      message: 'rotate-keys: connect ECONNREFUSED',
    });
  });
});

describe('rotate-keys: DATA_DIR', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keybound-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const effects = (): Parameters<typeof rotateKeysCommand>[2] => ({
    open: openDatabase,
    clock: world.clock,
    audit: (event) => world.events.push(event),
  });

  it('the folder belongs to a running process → says to stop it, exit code 1', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'auth-server.pid'), String(process.ppid));
    const { exitCode, message } = await rotateKeysCommand([], { DATA_DIR: folder }, effects());
    expect(exitCode).toBe(1);
    expect(message).toContain(`${folder} is in use by process ${process.ppid}`);
    expect(message).toMatch(/belongs to the running server.*stop it before this command$/);
  });

  it('a folder that does not exist → says so, and it is not created', async () => {
    const missing = join(folder, 'missing');
    expect(await rotateKeysCommand([], { DATA_DIR: missing }, effects())).toEqual({
      exitCode: 1,
      message: `rotate-keys: DATA_DIR: ${missing} does not exist`,
    });
  });

  it('a stopped server → its keys rotate under the generated key of the folder', async () => {
    const first = await rotateKeysCommand(['--force'], { DATA_DIR: folder }, effects());
    expect(first.message).toMatch(/^rotate-keys: there was no key; \S+ is current$/);
    const second = await rotateKeysCommand(['--force'], { DATA_DIR: folder }, effects());
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.message).toMatch(/^rotate-keys: \S+ -> \S+; the old key stays published/);
  }, 180_000);
});
