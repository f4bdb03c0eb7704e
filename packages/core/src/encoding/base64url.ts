import { runtime } from '#crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INVALID = 255;

const VALUE_OF_CODE: Uint8Array = new Uint8Array(256).fill(INVALID);
for (let value = 0; value < ALPHABET.length; value++) {
  VALUE_OF_CODE[ALPHABET.charCodeAt(value)] = value;
}

/** The value of a character; beyond the end every value is invalid. */
function valueAt(codes: Uint8Array, index: number): number {
  return VALUE_OF_CODE[codes[index] ?? 0] ?? INVALID;
}

/** How many bytes a number of base64url characters stands for. */
function decodedLength(characters: number): number {
  return (characters * 3) >> 2;
}

/**
 * The bytes of a base64url text (RFC 4648 §5, RFC 7515 §2), or `undefined` when the text is not the
 * one canonical spelling of its bytes: padding, blanks, foreign characters, an impossible length and
 * non-zero unused bits (RFC 4648 §3.5) are all refused, because thumbprints and replay records rest
 * on one spelling per value.
 */
export function decodeBase64url(text: string | Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const codes = typeof text === 'string' ? encodeUtf8(text) : text;
  const bytes = new Uint8Array(decodedLength(codes.length));
  return decodeInto(bytes, codes) ? bytes : undefined;
}

let scratch = new Uint8Array(8192);

/**
 * {@link decodeBase64url} for bytes that are used at once: the next call overwrites them. Making an
 * array takes longer than decoding into one.
 */
export function decodeBase64urlBriefly(
  text: string | Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const codes = typeof text === 'string' ? encodeUtf8(text) : text;
  const length = decodedLength(codes.length);
  if (length > scratch.length) scratch = new Uint8Array(length);
  return decodeInto(scratch, codes) ? scratch.subarray(0, length) : undefined;
}

/**
 * Whether some characters are canonical; if so, their bytes stand at the beginning of an array. Takes
 * the characters as octets, since reading those of a text that is cut out of another is slow.
 */
function decodeInto(bytes: Uint8Array, codes: Uint8Array): boolean {
  const tail = codes.length % 4;
  const whole = codes.length - tail;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = valueAt(codes, i);
    const b = valueAt(codes, i + 1);
    const c = valueAt(codes, i + 2);
    const d = valueAt(codes, i + 3);
    if ((a | b | c | d) > 63) return false;
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  if (tail === 0) return true;

  // A tail of one character has no second one.
  const a = valueAt(codes, whole);
  const b = valueAt(codes, whole + 1);
  if ((a | b) > 63) return false;
  bytes[at++] = (a << 2) | (b >> 4);
  if (tail === 2) return (b & 0b1111) === 0;

  const c = valueAt(codes, whole + 2);
  if ((c & 0b11) !== 0) return false; // as are both bits of an invalid value
  bytes[at] = (b << 4) | (c >> 2);
  return true;
}

/** The canonical base64url text of some bytes, without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  return runtime.base64url(bytes);
}

/** The base64url text of a text's UTF-8 bytes. */
export function encodeTextBase64url(text: string): string {
  return runtime.base64url(encodeUtf8(text));
}

/**
 * The UTF-8 bytes of a text, in the way that is fastest on this runtime. Their `buffer` may hold more than
 * them, such as bytes of others: what leaves the process or goes to other code is to be copied.
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return runtime.utf8(text);
}
