/** Tests that must fail on an engine, because of the engine; when one passes, the row is to go. */
export interface KnownDifference {
  /** The kind or the name of the engine. */
  readonly engine: string;
  readonly suite: string;
  /** A part of the titles. */
  readonly title: string;
  readonly reason: string;
}

const NO_EXPONENT_1 = 'the engine refuses RSA keys with e = 1, so the forgery cannot be shown';
const NO_CURVE = 'its `node:crypto` lacks the curve of the key that the test signs with';
const NO_RAW_RSA = 'its `node:crypto` makes no RSA signature over a block of the test’s own';

const NO_PSS_JUDGE =
  'its `node:crypto`, with which the runner judges, does not verify the PS256 proof; WebCrypto does, in the walk';
const UPPER_CASE = 'it sends the method patch as PATCH; the proof says PATCH as well';
const NO_CREDENTIALS = 'its `Request` does not keep `credentials`';

const OLD_NAME = 'its WebCrypto calls the error of an export `InvalidAccessException`';
const NO_TYPES = 'starts processes from the sources, whose types it does not strip';

const HAS_INDEXED_DB = 'it has IndexedDB, and the test asks what happens without';

const NO_8192_BITS =
  'it cannot check signatures of RSA keys of 8192 bits, so such a proof is refused as one that is badly signed';

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  ...differences('node-20', 'signer', OLD_NAME, [
    'extractable keys: false → exporting gives InvalidAccessError',
  ]),
  ...differences('node-22', 'signer', OLD_NAME, [
    'extractable keys: false → exporting gives InvalidAccessError',
  ]),
  ...differences('node-20', 'signer', NO_TYPES, ['four processes that add → one value for all']),
  ...differences('bun', 'core', NO_EXPONENT_1, ['RSA with e = 1, the padded hash']),
  ...differences('deno', 'core', NO_EXPONENT_1, ['RSA with e = 1, the padded hash']),
  ...differences('bun', 'dpop', NO_EXPONENT_1, ['E24 RSA with e = 1']),
  ...differences('deno', 'dpop', NO_EXPONENT_1, ['E24 RSA with e = 1']),
  ...differences('deno', 'vectors-rs', NO_8192_BITS, ['rs-rsa > bits-8192']),
  ...differences('deno', 'dpop', NO_RAW_RSA, ['E37 RS256, a DigestInfo without NULL']),
  ...differences('bun', 'dpop', NO_CURVE, ['D25 ', 'D26 ', 'D27 ', 'D29 ']),
  ...differences('chromium', 'signer', HAS_INDEXED_DB, ['IndexedDB > is not there']),
  ...differences('workerd', 'core', NO_EXPONENT_1, ['RSA with e = 1, the padded hash']),
  ...differences('workerd', 'signer', NO_CREDENTIALS, ['what the caller set besides → handed on']),
  ...differences('workerd', 'dpop', NO_EXPONENT_1, ['E24 RSA with e = 1']),
  ...differences('workerd', 'dpop', NO_CURVE, ['D25 ', 'D26 ', 'D27 ', 'D29 ']),
  ...differences('workerd', 'vectors-client', NO_PSS_JUDGE, ['signer > key-rsa2048']),
  ...differences('bun', 'signer', UPPER_CASE, ['method patch → the proof names']),
  ...differences('bun', 'signer', NO_CREDENTIALS, ['what the caller set besides → handed on']),
];

function differences(
  engine: string,
  suite: string,
  reason: string,
  titles: readonly string[],
): readonly KnownDifference[] {
  return titles.map((title) => ({ engine, suite, title, reason }));
}
