import { utf8 } from './bytes.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** How a text deviates from the base64url of RFC 7515 §2. */
export interface Base64Spelling {
  /** What goes into the unused bits of the last character, where there are any. @defaultValue 0 */
  readonly tailBits?: number;
  /** Fills up with `=`. */
  readonly padded?: boolean;
  /** `+` and `/` in the place of `-` and `_`. */
  readonly standard?: boolean;
}

/** Base64url of bytes, or of the UTF-8 of a text. */
export function base64url(data: Uint8Array | string, spelling: Base64Spelling = {}): string {
  const bytes = typeof data === 'string' ? utf8(data) : data;
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET[(held >> bits) & 63];
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) {
    const unused = 6 - bits;
    const tail = (spelling.tailBits ?? 0) & ((1 << unused) - 1);
    text += ALPHABET[(held << unused) | tail];
  } else if (spelling.tailBits) {
    throw new RangeError('the length leaves no unused bits');
  }
  if (spelling.padded) text += '='.repeat((4 - (text.length % 4)) % 4);
  if (spelling.standard) text = text.replaceAll('-', '+').replaceAll('_', '/');
  return text;
}

/** The bytes of a base64url text; throws on what is not one. */
export function fromBase64url(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new RangeError(`not base64url: ${character}`);
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  return Uint8Array.from(bytes);
}
