import type { Clock } from '@keybound/core';
import type { Nonces } from '@keybound/dpop';
import type { NonceConfig } from '@keybound/dpop-vectors';

/** What changes from question to question at a server that stays the same. */
export interface Moment {
  now: number;
  nonce: NonceConfig | null;
}

/** The clock of a server, which stands where the question says. */
export function clockOf(moment: Moment): Clock {
  return () => moment.now;
}

/** The nonces of a server as the oracle of the question. */
export function noncesOf(moment: Moment): Nonces {
  return {
    async current() {
      return moment.nonce?.current ?? '';
    },
    async judge(nonce) {
      if (!moment.nonce?.accepted.includes(nonce)) return undefined;
      const state = nonce === moment.nonce.current ? 'current' : 'previous';
      return { state, acceptedUntil: moment.now + 120, givenAfter: 0 };
    },
  };
}
