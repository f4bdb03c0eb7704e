/**
 * Where a client keeps what has to outlive a page or a process: its key pair, its tokens, a sign-in that
 * is under way. Values are structured: `CryptoKeyPair`s, plain objects, texts, numbers.
 *
 * Every method rejects when the place behind it fails; {@link withFallback} goes on in memory then.
 */
export interface Store {
  /** The value under a name, or `undefined`. */
  get(name: string): Promise<unknown>;
  /** Keeps a value in place of what is there. */
  set(name: string, value: unknown): Promise<void>;
  /**
   * Keeps a value unless there is one, in one step: of two pages that add at once, both get the same.
   *
   * @returns what is kept now
   */
  add(name: string, value: unknown): Promise<unknown>;
  /** Forgets; nothing happens when there is nothing. */
  delete(name: string): Promise<void>;
  /**
   * Whether a private key has to be extractable to be kept here. It has where keys are written down,
   * as in a file; where the platform keeps them as objects, as IndexedDB does, it must not be.
   */
  readonly needsExtractableKeys: boolean;
}
