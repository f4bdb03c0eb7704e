import { createHash } from 'node:crypto';
import { type JsonObject, textOf } from './json.ts';
import type { Switches } from './switches.ts';

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
};

/** The SHA-256 thumbprint of a key (RFC 7638 §3). */
export function thumbprint(jwk: JsonObject, switches: Switches): string {
  const required = REQUIRED[textOf(jwk.kty)] ?? [];
  const names = switches.has('thumbprint-of-all-members') ? Object.keys(jwk).sort() : required;
  const members = switches.has('thumbprint-in-order-of-members')
    ? Object.keys(jwk).filter((name) => names.includes(name))
    : names;
  return sha256(JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]]))));
}

/** The members of a key that its thumbprint is made of. */
export function requiredMembers(jwk: JsonObject): JsonObject {
  const names = REQUIRED[textOf(jwk.kty)] ?? [];
  return Object.fromEntries(names.filter((name) => name in jwk).map((name) => [name, jwk[name]]));
}

/** `ath` of a token (RFC 9449 §4.2). */
export function tokenHash(token: string): string {
  return sha256(token);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
