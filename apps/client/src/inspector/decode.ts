import { isJsonObject, type JsonObject } from '@keybound/core';

/** What a JWT says, for display. Nothing in it is verified. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** More than any verifier reads; beyond it a page would only stand still. */
const MAX_CHARS = 65_536;

/**
 * Header and payload of a JWT, or undefined for an opaque token and anything else. Reads more than the
 * verifiers do, such as base64 in other spellings, so that what they refuse can still be looked at.
 */
export function decodeJwt(text: string): DecodedJwt | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const [headerPart, payloadPart, signaturePart, ...more] = text.split('.');
  if (headerPart === undefined || payloadPart === undefined) return undefined;
  if (signaturePart === undefined || more.length > 0) return undefined;
  const header = decodePart(headerPart);
  const payload = decodePart(payloadPart);
  return header && payload && { header, payload };
}

function decodePart(part: string): JsonObject | undefined {
  try {
    const octets = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // not base64, not UTF-8 or not JSON: nothing to show
  }
}
