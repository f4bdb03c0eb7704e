import { requireCount } from './options.ts';

/** How much a cache may hold; what has not been asked for longest goes first. */
export interface CacheBounds {
  /** How many entries at most. */
  readonly maxEntries?: number;
  /** How much memory at most, in bytes; what an entry takes is estimated from above. */
  readonly maxBytes?: number;
}

/** A bounded memory of things that are dear to find out again. */
export interface Cache<Value> {
  /** The value under a key, or `undefined`. Asking counts as use. */
  get(key: string): Value | undefined;
  /** Keeps a value, unless it alone would take more than half of the memory. */
  set(key: string, value: Value): void;
  /** Forgets what is under a key; nothing happens when there is nothing. */
  delete(key: string): void;
}

/** What {@link createCache} needs to know of one use. */
export interface CacheOptions<Value> {
  /** The option that bounds this cache, named in errors. */
  readonly option: string;
  /** `'off'` keeps nothing. */
  readonly bounds: CacheBounds | 'off';
  /** The bounds that count where `bounds` leaves one out. */
  readonly defaults: Required<CacheBounds>;
  /**
   * The memory a value takes, and a key beyond its first 50 characters, estimated from above; the same
   * each time it is asked of one value.
   */
  readonly bytesOf: (value: Value, key: string) => number;
}

interface Generation<Value> {
  readonly values: Map<string, Value>;
  bytes: number;
}

/** What the map takes for an entry, with a key of 50 characters. */
const ENTRY_BYTES = 160;

/**
 * A cache of two generations. New entries, and old ones that are asked for, go into the younger one;
 * when it holds half of what is allowed, the older one is forgotten and the younger one takes its place.
 * A hit moves nothing, except once a generation, and there is no list to keep in order.
 *
 * @throws TypeError when a bound is out of range.
 */
export function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { option, bounds, defaults, bytesOf } = options;
  if (bounds === 'off') return { get: () => undefined, set() {}, delete() {} };
  const { maxEntries, maxBytes } = readBounds(option, bounds, defaults);
  let young: Generation<Value> = { values: new Map(), bytes: 0 };
  let old: Generation<Value> = { values: new Map(), bytes: 0 };

  function take(from: Generation<Value>, key: string): void {
    const value = from.values.get(key);
    if (value !== undefined) from.bytes -= bytesOf(value, key) + ENTRY_BYTES;
    from.values.delete(key);
  }

  function remove(key: string): void {
    take(young, key);
    take(old, key);
  }

  function set(key: string, value: Value): void {
    remove(key);
    const bytes = bytesOf(value, key) + ENTRY_BYTES;
    if (bytes > maxBytes / 2) return;
    if (young.values.size + 1 > maxEntries / 2 || young.bytes + bytes > maxBytes / 2) {
      old = young;
      young = { values: new Map(), bytes: 0 };
    }
    // Copied, because a text cut out of another one keeps all of it in memory.
    young.values.set(structuredClone(key), value);
    young.bytes += bytes;
  }

  return {
    get(key) {
      const value = young.values.get(key);
      if (value !== undefined) return value;
      const older = old.values.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    delete: remove,
  };
}

function readBounds(
  option: string,
  bounds: CacheBounds,
  defaults: Required<CacheBounds>,
): Required<CacheBounds> {
  if (typeof bounds !== 'object' || bounds === null) {
    throw new TypeError(`${option}: give 'off', or maxEntries and maxBytes`);
  }
  const { maxEntries = defaults.maxEntries, maxBytes = defaults.maxBytes } = bounds;
  requireCount(`${option}.maxEntries`, maxEntries, 2);
  requireCount(`${option}.maxBytes`, maxBytes);
  return { maxEntries, maxBytes };
}
