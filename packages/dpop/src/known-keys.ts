import { type CacheBounds, createCache, type VerifyKey } from '@keybound/core';
import type { ProofHeader } from './proof-header.ts';

/** What a proof says of the key that made it. */
export interface ProvenHeader {
  readonly header: ProofHeader;
  /** The text of the header; left out when it is remembered already. */
  readonly newHeaderPart: string | undefined;
}

/** What is remembered of the keys that made good proofs. */
export interface KnownKeys {
  /** What a header part says, if a good proof had this very part. */
  header(part: string): ProofHeader | undefined;
  /** The key of a header, ready for use. */
  key(header: ProofHeader): VerifyKey | undefined;
  /** For proofs whose signature is good, so that nothing else fills the memory. */
  remember(proof: ProvenHeader, key: VerifyKey): void;
}

/** Of either memory: together twice the octets. */
const DEFAULTS: Required<CacheBounds> = { maxEntries: 10_000, maxBytes: 32 * 2 ** 20 };
/** A P-256 key in OpenSSL, and the objects around it. */
const KEY_BYTES = 2500;
const HEADER_BYTES = 500;

/**
 * A memory of proof keys: headers by their text, so that the same text is not parsed again, and keys by
 * their thumbprint, since making one ready takes as long as a signature. Two memories, because a client
 * can spell the header of its one key in many ways: that crowds out headers, and nobody's key.
 *
 * @throws TypeError when a bound is out of range.
 */
export function createKnownKeys(bounds: CacheBounds | 'off'): KnownKeys {
  const headers = createCache<ProofHeader>({
    option: 'keyCache',
    bounds: halfOf(bounds),
    defaults: DEFAULTS,
    bytesOf: (_header, part) => HEADER_BYTES + 2 * part.length,
  });
  const keys = createCache<VerifyKey>({
    option: 'keyCache',
    bounds: halfOf(bounds),
    defaults: DEFAULTS,
    bytesOf: ({ signatureBytes }) => KEY_BYTES + 4 * signatureBytes,
  });

  return {
    header: (part) => headers.get(part),
    key({ jkt, algorithm }) {
      return keys.get(nameOf(jkt, algorithm));
    },
    remember({ header, newHeaderPart }, key) {
      if (newHeaderPart !== undefined) headers.set(newHeaderPart, header);
      const name = nameOf(header.jkt, header.algorithm);
      if (keys.get(name) !== key) keys.set(name, key);
    },
  };
}

/** One RSA key can sign with several algorithms, and is ready for each of them apart. */
function nameOf(jkt: string, algorithm: string): string {
  return `${algorithm} ${jkt}`;
}

/** Either memory gets half of the bytes. */
function halfOf(bounds: CacheBounds | 'off'): CacheBounds | 'off' {
  if (bounds === 'off' || bounds?.maxBytes === undefined) return bounds;
  return { ...bounds, maxBytes: Math.ceil(bounds.maxBytes / 2) };
}
