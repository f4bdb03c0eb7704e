import { demand } from './fault.ts';
import type { Switches } from './switches.ts';

/** Decodes base64url without padding, in the one spelling there is of the bytes (RFC 7515 §2). */
export function decodeBase64url(text: string, switches: Switches): Uint8Array {
  const spelling = respelled(text, switches);
  demand(/^[A-Za-z0-9_-]*$/.test(spelling), 'not base64url');
  const bytes = Buffer.from(spelling, 'base64url');
  // Of a lone last character, and of bits that belong to no byte, Node takes no notice.
  demand(bytes.toString('base64url') === spelling, 'another spelling of base64url');
  return bytes;
}

/** What lenient decoders pass over. */
function respelled(text: string, switches: Switches): string {
  let spelling = text;
  if (switches.has('base64url-blanks-skipped')) spelling = spelling.replace(/[ \t\r\n]/g, '');
  if (switches.has('base64url-padding-accepted')) spelling = spelling.replace(/=+$/, '');
  if (switches.has('base64-alphabet-accepted')) {
    spelling = spelling.replaceAll('+', '-').replaceAll('/', '_');
  }
  return spelling;
}

/** Whether two base64url texts are the same, to the letter. */
export function sameText(found: unknown, due: string, asBytes: boolean): boolean {
  if (!asBytes || typeof found !== 'string') return found === due;
  return Buffer.from(found, 'base64url').equals(Buffer.from(due, 'base64url'));
}
