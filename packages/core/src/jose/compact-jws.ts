import { decodeBase64url } from '../encoding/base64url.ts';
import { type JsonLimits, type JsonObject, parseJsonObject } from '../encoding/json.ts';

/** Bounds on a compact JWS, checked before anything is decoded. */
export interface JwsLimits extends JsonLimits {
  /** Characters of the whole text. */
  readonly chars: number;
  /** Characters of the header part. */
  readonly headerChars: number;
}

/** A compact JWS whose header and payload are JSON objects. Nothing in it is verified yet. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** The octets the signature covers: header part, dot, payload part (RFC 7515 §5.1). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
}

/** Why a text is not a compact JWS: over a limit, or not of the form. */
export type JwsFault = 'too_large' | 'malformed';

const ascii = new TextEncoder();

/**
 * The parts of a compact JWS (RFC 7515 §3.1), or the name of its fault. Refuses any other number of
 * parts (a JWE has five), non-canonical base64url, and header or payload that are not one JSON object.
 */
export function parseCompactJws(text: string, limits: JwsLimits): CompactJws | JwsFault {
  if (text.length > limits.chars) return 'too_large';
  const headerEnd = text.indexOf('.');
  const payloadEnd = text.indexOf('.', headerEnd + 1);
  if (payloadEnd < 0) return 'malformed'; // a third dot is no base64url, an empty part no JSON
  if (headerEnd > limits.headerChars) return 'too_large';

  const headerBytes = decodeBase64url(text.slice(0, headerEnd));
  const payloadBytes = decodeBase64url(text.slice(headerEnd + 1, payloadEnd));
  const signature = decodeBase64url(text.slice(payloadEnd + 1));
  if (!headerBytes || !payloadBytes || !signature) return 'malformed';

  const header = parseJsonObject(headerBytes, limits);
  const payload = header && parseJsonObject(payloadBytes, limits);
  if (!header || !payload) return 'malformed';
  return { header, payload, signature, signingInput: ascii.encode(text.slice(0, payloadEnd)) };
}

/**
 * Whether a JOSE header asks for something this toolkit does not do and therefore must refuse:
 * any `crit` (RFC 7515 §4.1.11, nothing is understood), or `b64`, with or without `crit`, because a
 * JWT is never unencoded (RFC 7797 §7).
 */
export function hasUnsupportedHeader(header: JsonObject): boolean {
  return header.crit !== undefined || header.b64 !== undefined;
}

/**
 * Whether a `typ` names a media type: compared without case, and `application/` may be left out
 * (RFC 7515 §4.1.9).
 */
export function isMediaType(typ: unknown, expected: string): boolean {
  if (typeof typ !== 'string') return false;
  const lower = typ.toLowerCase();
  return lower === expected || lower === `application/${expected}`;
}
