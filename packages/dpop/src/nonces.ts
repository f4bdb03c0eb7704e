import { type Clock, encodeBase64url, encodeUtf8, systemClock } from '@keybound/core';

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
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A received nonce that this server, or one that shares its secrets, has given. */
export interface JudgedNonce {
  /** To be used further, or to be replaced soon. */
  readonly state: 'current' | 'previous';
  /** The last instant at which it is accepted, in seconds since 1970-01-01T00:00:00Z. */
  readonly acceptedUntil: number;
  /** It was given after this instant, and a proof that contains it was made later still; 0 says nothing. */
  readonly givenAfter: number;
}

/** Nonces that servers sharing the secrets agree on without storing anything (RFC 9449 §8). */
export interface Nonces {
  /**
   * The nonce for `DPoP-Nonce`.
   *
   * @param givenAfter - an instant that has passed, in seconds; the nonce then proves that it was given
   * later, which a replay store that lost its records at that instant needs to know
   * @defaultValue 0, which proves nothing
   */
  current(givenAfter?: number): Promise<string>;
  /** What a received nonce is; undefined when it is not one of ours, or no longer accepted. */
  judge(nonce: string): Promise<JudgedNonce | undefined>;
}

const MIN_SECRET_CHARS = 32;
/** The characters of an HMAC-SHA-256 in base64url. */
const MAC_CHARS = 43;
const AFTER = /^~([0-9]{1,12}(?:\.[0-9]{1,9})?)$/;
const MAX_KEYS = 8;

/**
 * Stateless nonces: an HMAC-SHA-256 over the server's name and the number of the time step, so nobody
 * without a secret can make one for a later step. Accepted are the current step, the one before, so
 * that requests under way at a change succeed (RFC 9449 §8), and the next one, which an instance with a
 * fast clock may already give: clocks of instances may differ by a step. A nonce that proves when it was
 * given carries that instant behind the HMAC, which covers it.
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

  // One nonce per secret, step and loss; a handful of entries at any time. Nothing received is kept.
  const known = new Map<string, Promise<string>>();
  const hmac = createHmac();

  function macOf(secret: string, step: number, after: string, isOurs: boolean): Promise<string> {
    const key = `${step}\n${after}\n${secret}`;
    let mac = known.get(key);
    if (mac === undefined) {
      const message =
        after === ''
          ? `dpop-nonce\n${server}\n${step}`
          : `dpop-nonce-after\n${server}\n${step}\n${after}`;
      mac = hmac(secret, message);
      if (!isOurs) return mac;
      for (const old of known.keys()) {
        if (Number.parseInt(old, 10) < step - 2) known.delete(old);
      }
      known.set(key, mac);
    }
    return mac;
  }

  function currentStep(): number {
    return Math.floor(clock() / stepSeconds);
  }

  return {
    async current(givenAfter = 0): Promise<string> {
      const [newest = ''] = checkSecrets(secrets());
      const after = givenAfter > 0 ? String(givenAfter) : '';
      const mac = await macOf(newest, currentStep(), after, true);
      return after === '' ? mac : `${mac}~${after}`;
    },
    async judge(nonce: string): Promise<JudgedNonce | undefined> {
      const now = currentStep();
      const accepted = checkSecrets(secrets());
      const mac = nonce.slice(0, MAC_CHARS);
      const [, after = ''] = AFTER.exec(nonce.slice(MAC_CHARS)) ?? [];
      if (after === '' && nonce.length > MAC_CHARS) return undefined;
      let judged: JudgedNonce | undefined;
      for (const secret of accepted) {
        for (const step of [now - 1, now, now + 1]) {
          if (!isSameText(mac, await macOf(secret, step, after, after === ''))) continue;
          judged = {
            state: step < now || secret !== accepted[0] ? 'previous' : 'current',
            acceptedUntil: (step + 2) * stepSeconds,
            givenAfter: Number(after),
          };
        }
      }
      return judged;
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

/** Secrets as keys, each made once. */
function createHmac(): (secret: string, message: string) => Promise<string> {
  const keys = new Map<string, Promise<CryptoKey>>();

  function keyOf(secret: string): Promise<CryptoKey> {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    // Of secrets that are no longer in use nothing is kept for long.
    if (keys.size >= MAX_KEYS) keys.clear();
    const parameters = { name: 'HMAC', hash: 'SHA-256' };
    const key = crypto.subtle.importKey('raw', encodeUtf8(secret), parameters, false, ['sign']);
    keys.set(secret, key);
    return key;
  }

  return async (secret, message) =>
    encodeBase64url(
      new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), encodeUtf8(message))),
    );
}

/** Takes as long for any two texts of one length, so that a guess learns nothing from the time. */
function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
