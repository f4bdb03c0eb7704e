import { demand } from './fault.ts';
import type { JsonObject } from './json.ts';
import type { Switches } from './switches.ts';
import { namesTarget } from './target-uri.ts';
import type { HttpUri } from './uri.ts';

/** What a proof must be made for. */
export interface Occasion {
  readonly method: string;
  readonly uri: HttpUri;
  /** As it was received. */
  readonly target: string;
  readonly clock: number;
  readonly maxAgeSeconds: number;
  readonly maxFutureSeconds: number;
}

/** Checks 3, 8, 9 and 11 of RFC 9449 §4.3. */
export function checkClaims(claims: JsonObject, occasion: Occasion, switches: Switches): void {
  checkJti(claims.jti, switches);
  checkMethod(claims.htm, occasion.method, switches);
  const { htu, ath, nonce } = claims;
  demand(typeof htu === 'string' || switches.has('htu-unchecked'), 'no htu');
  if (typeof htu === 'string' && !switches.has('htu-unchecked')) {
    demand(htu.length <= 2048, 'a long htu');
    demand(namesTarget(htu, occasion.uri, occasion, switches), 'the URI of another request');
  }
  checkTime(claims, occasion, switches);
  for (const [text, chars] of [
    [ath, 128],
    [nonce, 512],
  ] as const) {
    demand(text === undefined || (typeof text === 'string' && text.length <= chars), 'no text');
  }
}

function checkJti(jti: unknown, switches: Switches): void {
  if (jti === undefined && switches.has('jti-optional')) return;
  if (typeof jti !== 'string' && jti !== undefined && switches.has('jti-of-any-type')) return;
  demand(typeof jti === 'string' && jti.length <= 256, 'no jti');
  demand(jti !== '' || switches.has('jti-empty-accepted'), 'an empty jti');
}

function checkMethod(htm: unknown, method: string, switches: Switches): void {
  if (switches.has('htm-unchecked')) return;
  // As JavaScript compares with two equals signs: a list of one text is that text.
  const isLoose = switches.has('htm-compared-loosely') && Array.isArray(htm);
  if (isLoose && htm.length === 1 && htm[0] === method) return;
  demand(typeof htm === 'string' && htm.length <= 64, 'no htm');
  const isFolded = switches.has('htm-case-folded') && htm.toUpperCase() === method.toUpperCase();
  const isTrimmed = switches.has('htm-trimmed') && htm.trim() === method;
  demand(htm === method || isFolded || isTrimmed, 'the method of another request');
}

function checkTime(claims: JsonObject, occasion: Occasion, switches: Switches): void {
  const { clock, maxAgeSeconds, maxFutureSeconds } = occasion;
  const { exp, nbf } = claims;
  const iat = readTime(claims.iat, clock, switches);
  const strictly = switches.has('iat-limit-excluded') ? 1 : 0;
  const isOld = clock - iat > maxAgeSeconds - strictly;
  demand(!isOld || switches.has('iat-past-unchecked'), 'made too long ago');
  const isAhead = iat - clock > maxFutureSeconds - strictly;
  demand(!isAhead || switches.has('iat-future-unchecked'), 'made in the future');
  demand(exp === undefined || isTime(exp) || switches.has('proof-exp-ignored'), 'exp is no time');
  demand(nbf === undefined || isTime(nbf) || switches.has('proof-nbf-ignored'), 'nbf is no time');
  demand(
    !isTime(exp) || clock < exp || switches.has('proof-exp-ignored'),
    'a proof that has ended',
  );
  demand(!isTime(nbf) || clock >= nbf || switches.has('proof-nbf-ignored'), 'not good yet');
}

function readTime(iat: unknown, clock: number, switches: Switches): number {
  if (iat === undefined && switches.has('iat-optional')) return clock;
  const time = typeof iat === 'string' && switches.has('iat-text-accepted') ? Number(iat) : iat;
  demand(isTime(time), 'iat is no time');
  const isMilliseconds = time > 100_000_000_000 && switches.has('iat-milliseconds-accepted');
  return isMilliseconds ? time / 1000 : time;
}

export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
