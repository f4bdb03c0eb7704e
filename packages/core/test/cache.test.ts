import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cache, type CacheBounds, createCache } from '../src/index.ts';

const ENTRY_BYTES = 160;

function create(bounds: CacheBounds | 'off', bytesOf = (_value: string): number => 0) {
  const defaults = { maxEntries: 1000, maxBytes: 1_000_000 };
  return createCache<string>({ option: 'someCache', bounds, defaults, bytesOf });
}

function keysIn(cache: Cache<string>, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => cache.get(key) !== undefined);
}

describe('createCache', () => {
  it('what was put in → is there, and not under another key', () => {
    const cache = create({});
    cache.set('a', '1');
    expect(cache.get('a')).toBe('1');
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('toString')).toBeUndefined();
  });

  it('put in again → the new value', () => {
    const cache = create({});
    cache.set('a', '1');
    cache.set('a', '2');
    expect(cache.get('a')).toBe('2');
  });

  it('put in again and again → counts once, and drives nothing out', () => {
    const cache = create({ maxBytes: 2000 }, (value) => value.length);
    cache.set('a', 'small');
    for (let i = 0; i < 10; i++) cache.set('b', 'x'.repeat(500));
    expect(keysIn(cache, ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('put in again with a value that is too large → neither the new one nor the old one', () => {
    const cache = create({ maxBytes: 1000 }, (value) => value.length);
    cache.set('a', 'small');
    cache.set('a', 'x'.repeat(400));
    expect(cache.get('a')).toBeUndefined();
  });

  it('deleted → gone, also when it was used for a long time', () => {
    const cache = create({ maxEntries: 2 });
    cache.set('a', '1');
    cache.set('b', '2');
    expect(cache.get('a')).toBe('1');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('deleted → gone, also when it was not asked for in a long time', () => {
    const cache = create({ maxEntries: 2 });
    cache.set('a', '1');
    cache.set('b', '2');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('full → what was not asked for longest goes first', () => {
    const cache = create({ maxEntries: 4 });
    for (const key of ['a', 'b', 'c']) cache.set(key, key);
    expect(cache.get('a')).toBe('a');
    for (const key of ['d', 'e']) cache.set(key, key);
    expect(keysIn(cache, ['b'])).toEqual([]);
    expect(keysIn(cache, ['d', 'e'])).toEqual(['d', 'e']);
  });

  it('a value that takes more than half of the memory → not kept, and drives nothing out', () => {
    const cache = create({ maxBytes: 1000 }, (value) => value.length);
    cache.set('a', 'small');
    cache.set('b', 'x'.repeat(400));
    expect(keysIn(cache, ['a', 'b'])).toEqual(['a']);
  });

  it('a key that is cut out of a long text → found by the same text from elsewhere', () => {
    const cache = create({});
    cache.set(`a key of some length, and much behind it ${'x'.repeat(1000)}`.slice(0, 20), '1');
    expect(cache.get('a key of some length')).toBe('1');
  });

  it("'off' → nothing is kept", () => {
    const cache = create('off');
    cache.set('a', '1');
    expect(cache.get('a')).toBeUndefined();
    cache.delete('a');
  });

  it('whatever is done → never more than the bounds, and never a value under another key', () => {
    const bounds = { maxEntries: 8, maxBytes: 4000 };
    const steps = fc.array(fc.tuple(fc.nat(30), fc.nat(1200), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (list) => {
        const cache = create(bounds, (value) => value.length);
        const keys = Array.from({ length: 31 }, (_, i) => `k${i}`);
        for (const [key, size, isRead] of list) {
          if (isRead) cache.get(`k${key}`);
          else cache.set(`k${key}`, `k${key}${'x'.repeat(size)}`);
        }
        // Read through one that asks without moving anything: a copy of what is there at the end.
        const found = keys.flatMap((key) => cache.get(key) ?? []);
        for (const value of found) expect(keys).toContain(value.replaceAll('x', ''));
        expect(found.length).toBeLessThanOrEqual(bounds.maxEntries);
        const bytes = found.reduce((sum, value) => sum + value.length + ENTRY_BYTES, 0);
        expect(bytes).toBeLessThanOrEqual(bounds.maxBytes);
      }),
    );
  });

  it.each<[unknown, string]>([
    [{ maxEntries: 1 }, 'someCache.maxEntries: must be a whole number, 2 or more'],
    [{ maxEntries: Number.NaN }, 'someCache.maxEntries: must be a whole number, 2 or more'],
    [{ maxBytes: 0 }, 'someCache.maxBytes: must be a whole number, 1 or more'],
    [{ maxBytes: '5' }, 'someCache.maxBytes: must be a whole number, 1 or more'],
    ['on', "someCache: give 'off', or maxEntries and maxBytes"],
    [null, "someCache: give 'off', or maxEntries and maxBytes"],
  ])('bounds %j → TypeError', (bounds, message) => {
    expect(() => create(bounds as 'off')).toThrow(new TypeError(message));
  });
});
