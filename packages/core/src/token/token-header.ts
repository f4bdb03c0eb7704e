import { createCache } from '../cache.ts';
import { AuthError } from '../errors/auth-error.ts';
import type { SignatureAlgorithm } from '../jose/algorithms.ts';
import {
  hasUnsupportedHeader,
  isMediaType,
  type JwsLimits,
  parseJwsPart,
} from '../jose/compact-jws.ts';
import { type KeySelector, keySelector } from '../keys/key-source.ts';

/** Reads the headers of access tokens. An issuer's tokens have few different ones. */
export interface TokenHeaders {
  /**
   * What a header part says about its key, when the header is one this toolkit takes.
   *
   * @throws AuthError `token_malformed`, `token_type_mismatch`, `token_header_unsupported`,
   * `token_algorithm_refused`
   */
  read(part: string): KeySelector;
  /**
   * Keeps what was read, unless it is kept already; for headers of tokens whose signature is good, so
   * that nobody else fills the memory.
   */
  remember(part: string, selector: KeySelector): void;
}

const MAX_HEADERS = 64;
const MAX_BYTES = MAX_HEADERS * 8192;

export function createTokenHeaders(
  algorithms: readonly SignatureAlgorithm[],
  limits: JwsLimits,
): TokenHeaders {
  const known = createCache<KeySelector>({
    option: 'headers',
    bounds: {},
    defaults: { maxEntries: MAX_HEADERS, maxBytes: MAX_BYTES },
    bytesOf: (_selector, part) => 2 * part.length,
  });

  function parse(part: string): KeySelector {
    const header = parseJwsPart(part, limits);
    if (header === undefined) throw new AuthError('token_malformed');
    if (!isMediaType(header.typ, 'at+jwt')) throw new AuthError('token_type_mismatch');
    if (hasUnsupportedHeader(header)) throw new AuthError('token_header_unsupported');
    // RFC 7515 §4.1.4: a text. Taken for an absent one, it would leave the choice of the key to chance.
    if (header.kid !== undefined && typeof header.kid !== 'string') {
      throw new AuthError('token_malformed');
    }
    const selector = keySelector(header);
    if (selector === undefined || !algorithms.includes(selector.algorithm)) {
      throw new AuthError('token_algorithm_refused');
    }
    return selector;
  }

  return {
    read: (part) => known.get(part) ?? parse(part),
    remember(part, selector): void {
      if (known.get(part) === undefined) known.set(part, selector);
    },
  };
}
