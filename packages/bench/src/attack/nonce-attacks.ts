import { createNonces, type Nonces } from '@keybound/dpop';
import { createTestClock, NOW, RESOURCE } from '@keybound/test-kit';
import type { Attack } from './attack.ts';
import { presented } from './craft.ts';
import { randomText } from './fillers.ts';

// As many as there are in the middle of a rotation.
const SECRETS = ['first', 'second', 'third'].map((name) => name.padEnd(40, '-'));
const MAC_CHARS = 43;
const NONCE_CHARS = 512;

/** Nonces that many secrets are accepted for, with the clock of the benchmark. */
export function createManyNonces(now: number = NOW): Nonces {
  return createNonces({ secrets: () => SECRETS, server: RESOURCE, clock: createTestClock(now) });
}

const current = await createManyNonces().current();
const stale = await createManyNonces(NOW - 3600).current();

function ofNonce(
  name: string,
  outcome: Attack['outcome'],
  boundBy: string,
  nonce: () => string | undefined,
): Attack {
  return {
    name,
    needs: 'own token',
    outcome,
    boundBy,
    place: 'nonces',
    write: () => presented({ claims: { nonce: nonce() } }),
  };
}

const bySteps = 'the HMACs of three steps for each secret, which are remembered';
const byInstants = 'three HMACs for each secret';

/** What can be made of nonces where three secrets are accepted. */
export const NONCE_ATTACKS: readonly Attack[] = [
  ofNonce('nonce: a good one', 'granted', bySteps, () => current),
  ofNonce('nonce: none', 'nonce_missing', bySteps, () => undefined),
  ofNonce('nonce: a stale one', 'nonce_stale', bySteps, () => stale),
  ofNonce('nonce: unknown', 'nonce_stale', bySteps, () => randomText(MAC_CHARS)),
  ofNonce('nonce: 512 unknown characters', 'nonce_stale', bySteps, () => randomText(NONCE_CHARS)),
  ofNonce(
    'nonce: unknown, with an instant',
    'nonce_stale',
    byInstants,
    () => `${randomText(MAC_CHARS)}~${NOW - Math.floor(Math.random() * 1e6)}`,
  ),
];
