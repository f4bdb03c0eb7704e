import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyEncryptionSecrets } from '../../src/keys/key-encryption-secrets.ts';

const CONFIGURED = [
  'a-new-secret-of-32-characters-or-more',
  'an-old-secret-of-32-characters-or-more',
];

describe('keyEncryptionSecrets', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keybound-'));
    file = join(folder, 'key-encryption-key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('configured secrets → these in their order, and no file', () => {
    const expected = { secrets: CONFIGURED, origin: 'configured' };
    expect(keyEncryptionSecrets({ configured: CONFIGURED, folder })).toEqual(expected);
    expect(keyEncryptionSecrets({ configured: CONFIGURED, url: 'postgresql://db' })).toEqual(
      expected,
    );
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('a server without a configured secret → Error that names the variable', () => {
    expect(() => keyEncryptionSecrets({ configured: [], url: 'postgresql://db' })).toThrow(
      /^KEY_ENCRYPTION_KEY: required with DATABASE_URL$/,
    );
  });

  it('a folder → a generated one in a file that only its owner reads, the same ever after', () => {
    const { secrets, origin } = keyEncryptionSecrets({ configured: [], folder });
    expect(origin).toBe('file');
    expect(secrets).toEqual([readFileSync(file, 'utf8')]);
    expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyEncryptionSecrets({ configured: [], folder }).secrets).toEqual(secrets);
  });

  it('a folder that does not exist yet → created', () => {
    const inside = join(folder, 'a', 'b');
    expect(keyEncryptionSecrets({ configured: [], folder: inside }).secrets).toHaveLength(1);
  });

  it('a file that holds no secret → Error that names it, and it is left alone', () => {
    writeFileSync(file, 'short\n');
    expect(() => keyEncryptionSecrets({ configured: [], folder })).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe('short\n');
  });

  it('memory → another generated one each time', () => {
    const one = keyEncryptionSecrets({ configured: [] });
    expect(one.origin).toBe('memory');
    expect(one.secrets).not.toEqual(keyEncryptionSecrets({ configured: [] }).secrets);
  });
});
