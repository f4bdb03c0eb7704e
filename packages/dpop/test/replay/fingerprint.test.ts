import { sha256 } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createFingerprint,
  createFingerprintKey,
  type FingerprintKey,
} from '../../src/replay/fingerprint.ts';

const fingerprintOf = (id: string, key: FingerprintKey): number[] => {
  const into = new Uint32Array(4);
  createFingerprint(key)(id, into);
  return [...into];
};

describe('the fingerprint of an id', () => {
  it('the published vector of Chaskey-12 for a message of one block → its tag', () => {
    // Chaskey hashes one full block as P(m ^ K ^ K1) ^ K1.
    const k = [0x833d3433, 0x009f389f, 0x2398e64f, 0x417acf39] as const;
    const k1 = [0x067a6866, 0x013e713f, 0x4731cc9e, 0x82f59e72] as const;
    const before = k.map((word, i) => word ^ (k1[i] ?? 0)) as [number, number, number, number];
    const block = Buffer.from(Array.from({ length: 32 }, (_, i) => (i < 16 ? i : 0)));
    expect(fingerprintOf(block.toString('base64url'), [...before, ...k1])).toEqual([
      0x5dd0e2a9, 0xfb5eac8c, 0x633a392e, 0x500c36f3,
    ]);
  });

  it('another key → another fingerprint, in every word', () => {
    const id = sha256('a');
    const one = fingerprintOf(id, createFingerprintKey());
    const other = fingerprintOf(id, createFingerprintKey());
    for (const word of [0, 1, 2, 3]) expect(one[word]).not.toBe(other[word]);
  });

  it('each word of the key matters', () => {
    const id = sha256('a');
    const key = createFingerprintKey();
    const plain = fingerprintOf(id, key);
    for (let word = 0; word < 8; word++) {
      const changed = key.map((value, i) => (i === word ? value ^ 1 : value));
      expect(fingerprintOf(id, changed as unknown as FingerprintKey)).not.toEqual(plain);
    }
  });

  it('ids that would crowd one place of an unkeyed table → spread over it', () => {
    const key = createFingerprintKey();
    const crowd = Array.from({ length: 4096 }, (_, i) => {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32LE(i, 12); // the same first word in all of them
      return bytes.toString('base64url');
    });
    const places = new Set(crowd.map((id) => (fingerprintOf(id, key)[0] ?? 0) >>> 24));
    expect(places.size).toBeGreaterThan(240);
  });
});
