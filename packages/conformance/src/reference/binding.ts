import { sameText } from './base64url.ts';
import { demand } from './fault.ts';
import { isObject } from './json.ts';
import type { Switches } from './switches.ts';

/**
 * The thumbprint in `cnf` (RFC 9449 §6.1); undefined when the token is not bound. What is not understood
 * never counts as unbound.
 */
export function boundTo(cnf: unknown, switches: Switches): string | undefined {
  if (cnf === undefined) return undefined;
  const isUnclear = !isObject(cnf) || cnf.jkt === undefined;
  if (isUnclear && switches.has('cnf-not-understood-as-unbound')) return undefined;
  demand(isObject(cnf), 'cnf is no JSON object');
  const { jkt } = cnf;
  demand(cnf['x5t#S256'] === undefined, 'bound to a certificate');
  demand(typeof jkt === 'string', 'no jkt');
  const isThumbprint = isSha256(jkt);
  demand(isThumbprint || switches.has('jkt-compared-as-bytes'), 'jkt is no thumbprint');
  return jkt;
}

/** Whether a proof by the key with this thumbprint is one for the token (RFC 9449 §4.3 check 13). */
export function checkBinding(cnf: unknown, jkt: string, switches: Switches): void {
  const bound = boundTo(cnf, switches);
  if (bound === undefined && switches.has('unbound-token-as-dpop-accepted')) return;
  demand(bound !== undefined, 'a token that is not bound');
  const isFolded = switches.has('jkt-case-folded') && bound.toLowerCase() === jkt.toLowerCase();
  const isSame = sameText(bound, jkt, switches.has('jkt-compared-as-bytes')) || isFolded;
  demand(isSame || switches.has('binding-unchecked'), 'bound to another key');
}

/** Whether a text can be a SHA-256 in base64url, of which the last character has two unused bits. */
export function isSha256(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);
}
