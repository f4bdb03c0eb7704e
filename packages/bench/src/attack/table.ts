import { isAuthError } from '@keybound/core';
import type { Table } from '../table.ts';
import type { Attack, PlaceName, WrittenRequest } from './attack.ts';
import { createManyNonces } from './nonce-attacks.ts';
import { BEHIND_PROXIES } from './request-attacks.ts';
import { createPlace, type Place } from './scene.ts';
import { MANY_KEYS } from './token-attacks.ts';

/** What a larger batch would cost in preparation, no figure would be the better for. */
const MAX_BATCH = 60;
/** What Node takes for request line and fields unless told otherwise. */
const MAX_HEADER_OCTETS = 16_384;

/** All attacks as one table, each of them against the place it is for. */
export function createAttackTable(attacks: readonly Attack[]): Table {
  const places: Readonly<Record<PlaceName, Place>> = {
    plain: createPlace(),
    nonces: createPlace({ nonces: createManyNonces() }),
    'many keys': createPlace({ issuerKeys: MANY_KEYS }),
    proxies: createPlace({ target: BEHIND_PROXIES }),
  };
  const placeOf = ({ place = 'plain' }: Attack): Place => places[place];
  return {
    id: 'attack',
    title: 'Cost of one request, as a multiple of an honest one',
    // The first one stands where other tables have their limit: what all are divided by and noise is judged by.
    entrants: attacks.map(({ name }, i) => ({ name, ...(i === 0 && { isBare: true }) })),
    maxBatch: MAX_BATCH,
    async prove(): Promise<void> {
      for (const attack of attacks) await prove(attack, placeOf(attack));
    },
    prepare: async (counts) =>
      attacks.map((attack, i) => {
        const place = placeOf(attack);
        return Array.from({ length: counts[i] ?? 0 }, () => place(attack.write()));
      }),
  };
}

/** @throws Error when a request does not end as it says, or is one that Node would not even read. */
async function prove(attack: Attack, place: Place): Promise<void> {
  const request = attack.write();
  const octets = octetsOf(request);
  if (octets > MAX_HEADER_OCTETS) throw new Error(`${attack.name} has ${octets} octets`);
  if (attack.isRepeated) await place(request)();
  const decision = await place(request)();
  const outcome = decision.granted
    ? 'granted'
    : isAuthError(decision.error)
      ? decision.error.reason
      : decision.error.component;
  if (outcome !== attack.outcome) {
    throw new Error(`${attack.name} ends with ${outcome} instead of ${attack.outcome}`);
  }
}

/** Octets of a request on the wire, its empty line included. */
export function octetsOf({ target, rawHeaders }: WrittenRequest): number {
  const requestLine = `GET ${target} HTTP/1.1\r\n`.length;
  const fields = rawHeaders.reduce((sum, text) => sum + text.length, 0);
  // Colon, blank and line end of each line; the blank can be left out where nothing follows.
  const around = rawHeaders.reduce(
    (sum, text, i) => sum + (i % 2 === 0 || text === '' ? 1.5 : 2.5),
    0,
  );
  return requestLine + fields + Math.ceil(around) + 2;
}
