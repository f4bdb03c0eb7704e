import { runtime } from '#crypto';
import { encodeBase64url } from './base64url.ts';

/** The UTF-8 octets of a text, in the way that is fastest on this runtime. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return runtime.utf8(text);
}

/** The base64url text of a text's UTF-8 octets. */
export function encodeTextBase64url(text: string): string {
  return encodeBase64url(encodeUtf8(text));
}
