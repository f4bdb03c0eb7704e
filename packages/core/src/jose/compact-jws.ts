import { decodeBase64url, decodeBase64urlBriefly, encodeUtf8 } from '../encoding/base64url.ts';
import { type JsonLimits, type JsonObject, parseJsonObject } from '../encoding/json.ts';

/** Bounds on a compact JWS, checked before anything is decoded. */
export interface JwsLimits extends JsonLimits {
  /** Characters of the whole text. */
  readonly chars: number;
  /** Characters of the header part. */
  readonly headerChars: number;
}

/** The parts of a compact JWS as they stand in its text. Nothing in them is decoded yet. */
export interface JwsParts {
  /** The text, by which a header that was seen before is known. */
  readonly header: string;
  /** The characters as octets, like those of the signature. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The characters of the signature as octets, not decoded. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What the signature covers: header part, dot, payload part (RFC 7515 §5.1). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
}

/** A compact JWS whose header and payload are JSON objects. Nothing in it is verified yet. */
export interface CompactJws {
  /** The JOSE header, as received. */
  readonly header: JsonObject;
  /** The claims, as received. */
  readonly payload: JsonObject;
  /** The octets of the signature; nothing has been compared with them. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What the signature covers: header part, dot, payload part (RFC 7515 §5.1). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
}

/** Why a text is not a compact JWS: over a limit, or not of the form. */
export type JwsFault = 'too_large' | 'malformed';

const DOT = 0x2e;

/** The three parts of a text (RFC 7515 §3.1), or the name of its fault. A JWE has five (RFC 7516 §3.1). */
export function splitCompactJws(
  text: string,
  limits: Pick<JwsLimits, 'chars' | 'headerChars'>,
): JwsParts | JwsFault {
  if (text.length > limits.chars) return 'too_large';
  const codes = encodeUtf8(text);
  const headerEnd = codes.indexOf(DOT);
  const payloadEnd = codes.indexOf(DOT, headerEnd + 1);
  if (payloadEnd < 0 || codes.includes(DOT, payloadEnd + 1)) return 'malformed';
  if (headerEnd > limits.headerChars) return 'too_large';
  return {
    // An octet beyond ASCII shifts what follows it, and makes the part undecodable whatever is cut.
    header: text.slice(0, headerEnd),
    payload: codes.subarray(headerEnd + 1, payloadEnd),
    signature: codes.subarray(payloadEnd + 1),
    signingInput: codes.subarray(0, payloadEnd),
  };
}

/**
 * The JSON object in a header or payload part, given as text or as octets of its characters; undefined
 * when the part is not one in canonical base64url.
 */
export function parseJwsPart(
  part: string | Uint8Array,
  limits: JsonLimits,
): JsonObject | undefined {
  const bytes = decodeBase64urlBriefly(part);
  return bytes && parseJsonObject(bytes, limits);
}

/**
 * The parts of a compact JWS (RFC 7515 §3.1), decoded, or the name of its fault. Refuses any other
 * number of parts (a JWE has five), non-canonical base64url, and header or payload that are not one
 * JSON object.
 */
export function parseCompactJws(text: string, limits: JwsLimits): CompactJws | JwsFault {
  const parts = splitCompactJws(text, limits);
  if (typeof parts === 'string') return parts;
  const header = parseJwsPart(parts.header, limits);
  const payload = parseJwsPart(parts.payload, limits);
  const signature = decodeBase64url(parts.signature);
  if (!header || !payload || !signature) return 'malformed';
  return { header, payload, signature, signingInput: parts.signingInput };
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
