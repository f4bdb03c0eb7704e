import { type Clock, encodeBase64url, systemClock } from '@keybound/core';

/** Options of {@link createNonces}. */
export interface NoncesOptions {
  /**
   * The secrets, newest first: the first one makes nonces, all of them are accepted. Asked again for
   * every request, so that secrets can change while the server runs. Each has at least 32 characters
   * and comes from a random source. To rotate without a refused request: add the new secret last on
   * every instance, then move it to the front, then, two steps later, drop the old one.
   */
  readonly secrets: () => readonly string[];
  /**
   * Who gives the nonces: the public origin or issuer of this server. A nonce of one server is worth
   * nothing at another, even when they share secrets (RFC 9449 §9).
   */
  readonly server: string;
  /** How long one nonce is the current one; it is accepted for one step more. @defaultValue 120 */
  readonly stepSeconds?: number;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

/** What a received nonce is: to be used further, to be replaced soon, or not one of ours. */
export type NonceState = 'current' | 'previous' | 'unknown';

/** Nonces that servers sharing the secrets agree on without storing anything (RFC 9449 §8). */
export interface Nonces {
  /** The nonce for `DPoP-Nonce`. */
  current(): Promise<string>;
  /** What a received nonce is. */
  judge(nonce: string): Promise<NonceState>;
}

const MIN_SECRET_CHARS = 32;
const utf8 = new TextEncoder();

/**
 * Stateless nonces: an HMAC-SHA-256 over the server's name and the number of the time step, so nobody
 * without a secret can make one for a later step. Accepted are the current step, the one before, so
 * that requests under way at a change succeed (RFC 9449 §8), and the next one, which an instance with a
 * fast clock may already give.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createNonces(options: NoncesOptions): Nonces {
  const { secrets, server, stepSeconds = 120, clock = systemClock } = options;
  if (typeof server !== 'string' || server === '')
    throw new TypeError('server: must be a non-empty text');
  if (!(stepSeconds >= 1 && stepSeconds <= 3600))
    throw new TypeError('stepSeconds: must be from 1 to 3600');
  if (typeof secrets !== 'function')
    throw new TypeError('secrets: give a function that returns the list');
  checkSecrets(secrets());

  // One nonce per secret and step; a handful of entries at any time.
  const known = new Map<string, Promise<string>>();

  function nonceOf(secret: string, step: number): Promise<string> {
    const key = `${step}\n${secret}`;
    let nonce = known.get(key);
    if (nonce === undefined) {
      for (const old of known.keys()) {
        if (Number.parseInt(old, 10) < step - 2) known.delete(old);
      }
      nonce = hmac(secret, `dpop-nonce\n${server}\n${step}`);
      known.set(key, nonce);
    }
    return nonce;
  }

  function currentStep(): number {
    return Math.floor(clock() / stepSeconds);
  }

  return {
    current(): Promise<string> {
      const [newest = ''] = checkSecrets(secrets());
      return nonceOf(newest, currentStep());
    },
    async judge(nonce: string): Promise<NonceState> {
      const now = currentStep();
      const accepted = checkSecrets(secrets());
      let state: NonceState = 'unknown';
      for (const secret of accepted) {
        for (const step of [now - 1, now, now + 1]) {
          if (!isSameText(nonce, await nonceOf(secret, step))) continue;
          state = step < now || secret !== accepted[0] ? 'previous' : 'current';
        }
      }
      return state;
    },
  };
}

function checkSecrets(secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0) throw new TypeError('secrets: give at least one');
  if (secrets.some((secret) => typeof secret !== 'string' || secret.length < MIN_SECRET_CHARS)) {
    throw new TypeError(`secrets: each must have at least ${MIN_SECRET_CHARS} random characters`);
  }
  return secrets;
}

async function hmac(secret: string, message: string): Promise<string> {
  const parameters = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), parameters, false, [
    'sign',
  ]);
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(message))),
  );
}

/** Takes as long for any two texts of one length, so that a guess learns nothing from the time. */
function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
