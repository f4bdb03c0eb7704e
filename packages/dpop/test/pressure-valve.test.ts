import { createTestClock, NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createMemoryReplayStore, createNonces, type ProofOptions } from '../src/index.ts';
import { draftFor, type Outcome, PLACES, type Place } from './support/servers.ts';

const SECRET = 'a secret of the tests, 32 or more chars';
const STEP = 10;

/** A server with room for 37 records that asks for nonces from half of that on. */
function crowded(place: Place, nonceFromFill = 0.5) {
  const clock = createTestClock(Math.ceil(NOW / STEP) * STEP);
  const replay = createMemoryReplayStore({ clock, maxBytes: 2000 });
  const nonces = createNonces({
    secrets: () => [SECRET],
    server: place.origin,
    stepSeconds: STEP,
    clock,
  });
  const server = place.create({ clock, replay, nonces, nonceFromFill });
  const send = (claims: Record<string, unknown> = {}): Promise<Outcome> =>
    server.send({ proof: draftFor(place).mint({ claims: { iat: clock(), ...claims } }) });
  return { clock, replay, nonces, server, send };
}

describe.each(PLACES)('a $name that asks for nonces when its store gets full', (place) => {
  it('below the fill → a proof without nonce passes, its record lives as long as its window', async () => {
    const { send, server, clock } = crowded(place);
    expect(await send()).toMatchObject({ granted: true, headers: [] });
    expect(server.spent[0]?.rememberUntil).toBe(clock() + 61);
  });

  it('from the fill on → a client without nonce is asked for one, and one retry passes', async () => {
    const { send, replay, nonces } = crowded(place);
    while (replay.status().fill < 0.5) expect(await send()).toMatchObject({ granted: true });
    const outcome = await send();
    expect(outcome.denial).toEqual(
      place.denial('nonce_missing', { nonce: await nonces.current() }),
    );
    expect(await send({ nonce: await nonces.current() })).toMatchObject({ granted: true });
  });

  it('a refused client → its proof takes no room', async () => {
    const { send, replay } = crowded(place);
    while (replay.status().fill < 0.5) await send();
    const { fill } = replay.status();
    for (let i = 0; i < 20; i++) expect(await send()).toMatchObject({ reason: 'nonce_missing' });
    expect(replay.status().fill).toBe(fill);
  });

  it('a proof with a nonce → its record ends with the nonce, and the proof with it [DPOP-11.1-P2]', async () => {
    const { clock, nonces, server } = crowded(place);
    const nonce = await nonces.current();
    const proof = draftFor(place).mint({ claims: { iat: clock(), nonce } });
    expect(await server.send({ proof })).toMatchObject({ granted: true });
    const { rememberUntil = 0 } = server.spent[0] ?? {};
    expect(rememberUntil).toBe(clock() + 2 * STEP + 1);
    for (; clock() <= rememberUntil + 60; clock.advance(0.5)) {
      const { granted, reason } = await server.send({ proof });
      expect(granted).toBe(false);
      if (clock() > rememberUntil) expect(['nonce_stale', 'proof_expired']).toContain(reason);
    }
  });

  it('honest clients with nonces of ten seconds → the store takes many times its size', async () => {
    const { clock, nonces, send, replay } = crowded(place);
    let granted = 0;
    for (let second = 0; second < 200; second++, clock.advance(1)) {
      const outcome = await send({ nonce: await nonces.current() });
      if (outcome.granted) granted++;
    }
    expect(granted).toBe(200);
    expect(replay.status().fill).toBeLessThan(1);
  });

  it('a nonce that is there but stale → refused below the fill too [DPOP-8-04]', async () => {
    const { send } = crowded(place);
    expect(await send({ nonce: 'stale' })).toMatchObject({ reason: 'nonce_stale' });
  });

  it('fill 1 → asked only when the store is full', async () => {
    const { send, replay } = crowded(place, 1);
    while (replay.status().fill < 1) expect(await send()).toMatchObject({ granted: true });
    expect(await send()).toMatchObject({ reason: 'nonce_missing' });
  });
});

describe('options of the valve', () => {
  const [place] = PLACES;
  const replay = createMemoryReplayStore({ maxBytes: 2000 });
  const nonces = createNonces({ secrets: () => [SECRET], server: 'https://rs.example' });

  it.each<[string, Partial<Omit<ProofOptions, 'clock'>>, string]>([
    ['below 0', { nonces, nonceFromFill: -0.1 }, 'nonceFromFill: must be a number from 0 to 1'],
    ['above 1', { nonces, nonceFromFill: 1.1 }, 'nonceFromFill: must be a number from 0 to 1'],
    ['NaN', { nonces, nonceFromFill: Number.NaN }, 'nonceFromFill: must be a number from 0 to 1'],
    [
      'a text',
      { nonces, nonceFromFill: '0.5' as never },
      'nonceFromFill: must be a number from 0 to 1',
    ],
    ['without nonces', { nonceFromFill: 0.5 }, 'nonceFromFill: needs nonces to ask for'],
    [
      'with a store that does not tell its fill',
      { nonces, nonceFromFill: 0.5, replay: { add: (record) => replay.add(record) } },
      'nonceFromFill: needs a replay store that tells its fill',
    ],
    [
      'without a store',
      { nonces, nonceFromFill: 0.5, replay: 'off-accepting-replays' },
      'nonceFromFill: needs a replay store that tells its fill',
    ],
  ])('%s → TypeError', (_case, options, message) => {
    expect(() => place?.create({ replay, ...options })).toThrow(new TypeError(message));
  });
});
