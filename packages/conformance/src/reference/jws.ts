import { decodeBase64url } from './base64url.ts';
import { demand } from './fault.ts';
import { type JsonLimits, type JsonObject, parseJsonObject } from './json.ts';
import type { Switches } from './switches.ts';

/** A JWS in compact form whose payload is a JSON object, not yet verified. */
export interface Jws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

export interface JwsLimits extends JsonLimits {
  readonly chars: number;
  readonly headerChars: number;
}

export function parseJws(text: string, limits: JwsLimits, switches: Switches): Jws {
  demand(text.length <= limits.chars, 'too long');
  const [header, payload, signature, ...more] = text.split('.');
  demand(header !== undefined && payload !== undefined && signature !== undefined, 'too few parts');
  demand(more.length === 0, 'too many parts');
  demand(header.length <= limits.headerChars, 'a header that is too long');
  return {
    header: parseJsonObject(decodeBase64url(header, switches), limits, switches),
    payload: parseJsonObject(decodeBase64url(payload, switches), limits, switches),
    signingInput: `${header}.${payload}`,
    signature: decodeBase64url(signature, switches),
  };
}

/** No extension is understood (RFC 7515 §4.1.11), and no payload is taken unencoded (RFC 7797 §7). */
export function checkExtensions({ crit, b64 }: JsonObject, switches: Switches): void {
  demand(crit === undefined || switches.has('crit-ignored'), 'a critical extension');
  demand(b64 === undefined || b64 === true || switches.has('b64-ignored'), 'an unencoded payload');
}

/** Whether `typ` is this subtype of `application`, in any case and with or without the prefix (RFC 7515 §4.1.9). */
export function isType(typ: unknown, subtype: string, switches: Switches): boolean {
  if (typeof typ !== 'string') return false;
  const short = typ.toLowerCase().replace(/^application\//, '');
  return switches.has('typ-compared-by-ending') ? short.endsWith(subtype) : short === subtype;
}
