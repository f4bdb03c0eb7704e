const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODE_OF_VALUE: Uint8Array = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const ascii = new TextDecoder();
let codes = new Uint8Array(8192);

/** {@link encodeBase64url} for runtimes that have no encoder of their own. */
export function writeBase64url(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 4) / 3);
  // Written into an array that is used again and has room for a whole group at the end.
  if (length + 4 > codes.length) codes = new Uint8Array(length + 4);
  let at = 0;
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    at = writeGroup(
      at,
      (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2),
    );
  }
  // Beyond the end every byte is zero, and what the group has too much is cut off.
  if (i < bytes.length) writeGroup(at, (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8));
  return ascii.decode(codes.subarray(0, length));
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function writeGroup(at: number, group: number): number {
  codes[at] = codeAt(group >> 18);
  codes[at + 1] = codeAt(group >> 12);
  codes[at + 2] = codeAt(group >> 6);
  codes[at + 3] = codeAt(group);
  return at + 4;
}

function codeAt(sixBits: number): number {
  return CODE_OF_VALUE[sixBits & 63] ?? 0;
}
