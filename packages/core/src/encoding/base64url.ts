const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INVALID = 255;

const VALUE_OF_CODE: Uint8Array = new Uint8Array(128).fill(INVALID);
for (let value = 0; value < ALPHABET.length; value++) {
  VALUE_OF_CODE[ALPHABET.charCodeAt(value)] = value;
}

function valueAt(text: string, index: number): number {
  return VALUE_OF_CODE[text.charCodeAt(index)] ?? INVALID;
}

/** How many bytes a base64url text of some length stands for. */
function decodedLength(chars: number): number {
  return (chars * 3) >> 2;
}

/**
 * The bytes of a base64url text (RFC 4648 §5, RFC 7515 §2), or `undefined` when the text is not the
 * one canonical spelling of its bytes: padding, blanks, foreign characters, an impossible length and
 * non-zero unused bits (RFC 4648 §3.5) are all refused, because thumbprints and replay records rest
 * on one spelling per value.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(decodedLength(text.length));
  return decodeBase64urlInto(bytes, text) ? bytes : undefined;
}

let scratch = new Uint8Array(8192);

/**
 * {@link decodeBase64url} for bytes that are used at once: the next call overwrites them. Making an
 * array takes longer than decoding into one.
 */
export function decodeBase64urlBriefly(text: string): Uint8Array<ArrayBuffer> | undefined {
  const length = decodedLength(text.length);
  if (length > scratch.length) scratch = new Uint8Array(length);
  return decodeBase64urlInto(scratch, text) ? scratch.subarray(0, length) : undefined;
}

/** Whether a text is canonical; if so, its bytes stand at the beginning of an array. */
function decodeBase64urlInto(bytes: Uint8Array, text: string): boolean {
  const tail = text.length % 4;
  const whole = text.length - tail;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = valueAt(text, i);
    const b = valueAt(text, i + 1);
    const c = valueAt(text, i + 2);
    const d = valueAt(text, i + 3);
    if ((a | b | c | d) > 63) return false;
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  if (tail === 0) return true;

  // A tail of one character has no second one: beyond the end every value is invalid.
  const a = valueAt(text, whole);
  const b = valueAt(text, whole + 1);
  if ((a | b) > 63) return false;
  bytes[at++] = (a << 2) | (b >> 4);
  if (tail === 2) return (b & 0b1111) === 0;

  const c = valueAt(text, whole + 2);
  if ((c & 0b11) !== 0) return false; // as are both bits of an invalid value
  bytes[at] = (b << 4) | (c >> 2);
  return true;
}

const CODE_OF_VALUE: Uint8Array = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const ascii = new TextDecoder();
let codes = new Uint8Array(8192);

/** The canonical base64url text of some bytes, without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 4) / 3);
  // Written into an array that is used again and has room for a whole group at the end.
  if (length + 4 > codes.length) codes = new Uint8Array(length + 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2);
    codes[at++] = codeAt(group >> 18);
    codes[at++] = codeAt(group >> 12);
    codes[at++] = codeAt(group >> 6);
    codes[at++] = codeAt(group);
  }
  return ascii.decode(codes.subarray(0, length));
}

function byteAt(bytes: Uint8Array, index: number): number {
  return index < bytes.length ? (bytes[index] ?? 0) : 0;
}

function codeAt(sixBits: number): number {
  return CODE_OF_VALUE[sixBits & 63] ?? 0;
}
