import { describe, expect, it } from 'vitest';
import {
  hashPassword,
  MAX_PASSWORD_CHARS,
  PASSWORD_COST,
  unmatchableHash,
  verifyPassword,
} from '../../src/users/password.ts';

const CHEAP = { logN: 4, r: 8, p: 1 };

describe('passwords', () => {
  it('the usual cost → what OWASP advises, and it stands in the hash', async () => {
    expect(PASSWORD_COST).toEqual({ logN: 17, r: 8, p: 1 });
    const encoded = await hashPassword('a good password');
    expect(encoded).toMatch(/^scrypt\$17\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('a good password', encoded)).toBe(true);
  });

  it.each([
    ['the same', 'pässword one', true],
    ['the same in another normal form', 'pa\u0308ssword one', true],
    ['another', 'pässword two', false],
    ['another case', 'Pässword one', false],
    ['a blank more', 'pässword one ', false],
    ['none', '', false],
  ])('%s → %s: %s', async (_name, password, outcome) => {
    expect(await verifyPassword(password, await hashPassword('pässword one', CHEAP))).toBe(outcome);
  });

  it('the longest → good; one character more → refused before it costs anything', async () => {
    const longest = 'x'.repeat(MAX_PASSWORD_CHARS);
    expect(await verifyPassword(longest, await hashPassword(longest, CHEAP))).toBe(true);
    const longer = `${longest}x`;
    expect(await verifyPassword(longer, await hashPassword(longer, CHEAP))).toBe(false);
  });

  it('the same password twice → two hashes', async () => {
    expect(await hashPassword('one', CHEAP)).not.toBe(await hashPassword('one', CHEAP));
  });

  it.each([[''], ['plain'], ['scrypt$4$8$1$AAAA$AAAA']])(
    'what is no hash of ours (%j) → nothing verifies',
    async (encoded) => {
      expect(await verifyPassword('', encoded)).toBe(false);
    },
  );

  it('the hash of nobody → in the form and at the cost of all', async () => {
    expect(unmatchableHash(CHEAP)).toMatch(/^scrypt\$4\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('', unmatchableHash(CHEAP))).toBe(false);
  });
});
