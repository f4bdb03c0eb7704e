import { base64url } from './base64url.ts';
import { jsonText } from './json.ts';

/** A part of a JWS before it is encoded: members, the exact text, or the exact bytes. */
export type Part = Readonly<Record<string, unknown>> | string | Uint8Array;

/** What a compact JWS is made of; every part can be made wrong on purpose. */
export interface Jws {
  readonly header: Part;
  readonly payload: Part;
  /** The signature octets over the signing input as it is written. */
  readonly sign: (input: string) => Uint8Array;
  /** Other spellings of the parts; the signature covers what they write. */
  readonly encodeHeader?: (bytes: Uint8Array | string) => string;
  readonly encodePayload?: (bytes: Uint8Array | string) => string;
  readonly encodeSignature?: (bytes: Uint8Array) => string;
}

/** A compact JWS (RFC 7515 §7.1). */
export function compactJws(jws: Jws): string {
  const { encodeHeader = base64url, encodePayload = base64url } = jws;
  const input = `${encodeHeader(partText(jws.header))}.${encodePayload(partText(jws.payload))}`;
  const signature = jws.sign(input);
  return `${input}.${(jws.encodeSignature ?? base64url)(signature)}`;
}

function partText(part: Part): string | Uint8Array {
  return typeof part === 'string' || part instanceof Uint8Array ? part : jsonText(part);
}
