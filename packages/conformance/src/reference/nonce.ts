import type { NonceConfig } from '@keybound/dpop-vectors';
import { Refusal } from './fault.ts';
import type { JsonObject } from './json.ts';
import type { Switches } from './switches.ts';

/** Where nonces are asked for, a proof has one of the recent ones (RFC 9449 §4.3 check 10). */
export function checkNonce(
  { nonce }: JsonObject,
  config: NonceConfig | null,
  switches: Switches,
): void {
  if (config === null) return;
  if (nonce === undefined && switches.has('nonce-optional')) return;
  if (nonce !== undefined && switches.has('any-nonce-accepted')) return;
  const accepted = switches.has('previous-nonce-refused') ? [config.current] : config.accepted;
  if (typeof nonce !== 'string' || !accepted.includes(nonce)) {
    throw new Refusal('use_dpop_nonce', 'no recent nonce');
  }
}
