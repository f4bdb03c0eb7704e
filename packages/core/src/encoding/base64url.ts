const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INVALID = 255;

const VALUE_OF_CODE: Uint8Array = new Uint8Array(128).fill(INVALID);
for (let value = 0; value < ALPHABET.length; value++) {
  VALUE_OF_CODE[ALPHABET.charCodeAt(value)] = value;
}

function valueAt(text: string, index: number): number {
  return VALUE_OF_CODE[text.charCodeAt(index)] ?? INVALID;
}

/**
 * The bytes of a base64url text (RFC 4648 §5, RFC 7515 §2), or `undefined` when the text is not the
 * one canonical spelling of its bytes: padding, blanks, foreign characters, an impossible length and
 * non-zero unused bits (RFC 4648 §3.5) are all refused, because thumbprints and replay records rest
 * on one spelling per value.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const tail = text.length % 4;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  const whole = text.length - tail;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = valueAt(text, i);
    const b = valueAt(text, i + 1);
    const c = valueAt(text, i + 2);
    const d = valueAt(text, i + 3);
    if ((a | b | c | d) > 63) return undefined;
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  if (tail === 0) return bytes;

  // A tail of one character has no second one: beyond the end every value is invalid.
  const a = valueAt(text, whole);
  const b = valueAt(text, whole + 1);
  if ((a | b) > 63) return undefined;
  bytes[at++] = (a << 2) | (b >> 4);
  if (tail === 2) return (b & 0b1111) === 0 ? bytes : undefined;

  const c = valueAt(text, whole + 2);
  if ((c & 0b11) !== 0) return undefined; // as are both bits of an invalid value
  bytes[at] = (b << 4) | (c >> 2);
  return bytes;
}

/** The canonical base64url text of some bytes, without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2);
    text += letter(group >> 18) + letter(group >> 12) + letter(group >> 6) + letter(group);
  }
  const rest = bytes.length - i;
  if (rest === 1) {
    const group = byteAt(bytes, i) << 16;
    text += letter(group >> 18) + letter(group >> 12);
  } else if (rest === 2) {
    const group = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8);
    text += letter(group >> 18) + letter(group >> 12) + letter(group >> 6);
  }
  return text;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function letter(sixBits: number): string {
  return ALPHABET.charAt(sixBits & 63);
}
