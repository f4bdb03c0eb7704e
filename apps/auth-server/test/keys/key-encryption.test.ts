import { describe, expect, it } from 'vitest';
import { createKeyEncryption } from '../../src/keys/key-encryption.ts';
import { createKeyPair, SIGNING_ALGORITHMS } from '../../src/keys/key-pair.ts';

const SECRET = 'the-operators-secret-of-32-chars-or-more';
const OTHER_SECRET = 'another-secret-of-32-characters-or-more!';
const KID = 'a-kid';
const PLAINTEXT = new TextEncoder().encode('a private key');

const REFUSED =
  /^signing key a-kid cannot be opened: it was sealed with another secret, or changed/;

describe('createKeyEncryption', () => {
  const { seal, open } = createKeyEncryption([SECRET]);

  it('what was sealed → opens to the same octets', () => {
    expect(open(KID, seal(KID, PLAINTEXT))).toEqual(PLAINTEXT);
  });

  it('the same key sealed twice → two texts with nothing in common but the version', () => {
    const [one, two] = [seal(KID, PLAINTEXT), seal(KID, PLAINTEXT)];
    expect(one).toMatch(/^v1\.[\w-]+$/);
    expect(one.slice(3, 19)).not.toBe(two.slice(3, 19));
  });

  it.each(SIGNING_ALGORITHMS)('a private key of %s → no piece of it in the text', async (name) => {
    const { kid, pkcs8 } = await createKeyPair(name);
    const sealed = Buffer.from(seal(kid, pkcs8).slice('v1.'.length), 'base64url');
    for (let at = 0; at + 8 <= pkcs8.length; at++) {
      expect(sealed.includes(Buffer.from(pkcs8.subarray(at, at + 8)))).toBe(false);
    }
  });

  const sealed = seal(KID, PLAINTEXT);
  const flipped = (index: number): string => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    bytes[index] = (bytes.at(index) ?? 0) ^ 1;
    return `v1.${bytes.toString('base64url')}`;
  };

  it.each([
    ['a bit of the IV changed', flipped(0)],
    ['a bit of the text changed', flipped(12)],
    ['a bit of the tag changed', flipped(12 + PLAINTEXT.length)],
    [
      'a tag cut short',
      `v1.${Buffer.from(sealed.slice(3), 'base64url').subarray(0, -4).toString('base64url')}`,
    ],
    ['another version', sealed.replace('v1.', 'v2.')],
    ['no version', sealed.slice(3)],
    ['no base64url', `${sealed}=`],
    ['nothing but the version', 'v1.'],
    ['the empty text of a retired key', ''],
  ])('%s → refused', (_circumstance, text) => {
    expect(() => open(KID, text)).toThrow(REFUSED);
  });

  it('the text of one key in the row of another → refused', () => {
    expect(() => open(KID, seal('another-kid', PLAINTEXT))).toThrow(REFUSED);
  });

  it('another secret → refused, with what to do and without a secret', () => {
    const refusal = (): unknown => createKeyEncryption([OTHER_SECRET]).open(KID, sealed);
    expect(refusal).toThrow(REFUSED);
    expect(refusal).toThrow(/Add that secret at the end of KEY_ENCRYPTION_KEY/);
    expect(refusal).not.toThrow(OTHER_SECRET);
  });

  it('a new secret before the old one → opens what the old one sealed, seals with the new one', () => {
    const both = createKeyEncryption([OTHER_SECRET, SECRET]);
    expect(both.open(KID, sealed)).toEqual(PLAINTEXT);
    const again = both.seal(KID, PLAINTEXT);
    expect(createKeyEncryption([OTHER_SECRET]).open(KID, again)).toEqual(PLAINTEXT);
    expect(() => open(KID, again)).toThrow(REFUSED);
  });

  it('no secret at all → TypeError', () => {
    expect(() => createKeyEncryption([])).toThrow(TypeError);
  });
});
