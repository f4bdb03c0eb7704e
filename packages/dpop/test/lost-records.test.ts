import type { ReplayStore } from '@keybound/core';
import { createTestClock, NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createMemoryReplayStore, createNonces, type Nonces } from '../src/index.ts';
import { draftFor, type Outcome, PLACES, type Place } from './support/servers.ts';

const SECRET = 'a secret of the tests, 32 or more chars';

/** A server whose store began at NOW, as one does that came back empty. */
function emptied(place: Place, { asksForNonces }: { asksForNonces: boolean }) {
  const clock = createTestClock();
  const replay = createMemoryReplayStore({
    clock,
    before: 'proofs-may-have-been-used',
    maxBytes: 2 ** 16,
  });
  const nonces = createNonces({ secrets: () => [SECRET], server: place.origin, clock });
  const server = place.create({ clock, replay, ...(asksForNonces && { nonces }) });
  const send = (claims: Record<string, unknown>): Promise<Outcome> =>
    server.send({ proof: draftFor(place).mint({ claims }) });
  return { clock, nonces, send };
}

const nonceOf = ({ denial, headers }: Outcome): string =>
  [...(denial?.headers ?? []), ...headers].find(([name]) => name === 'dpop-nonce')?.[1] ?? '';

describe.each(PLACES)('a $name without nonces whose store has lost its records', (place) => {
  it.each([
    ['a proof made before the loss', -10],
    ['a proof of the same instant, which a fast clock may have made before', 0],
    ['a proof that a clock 30 seconds fast may have made before', 29],
  ])('%s → 503 with the time until new ones pass', async (_case, at) => {
    const { send } = emptied(place, { asksForNonces: false });
    const outcome = await send({ iat: NOW + at });
    expect(outcome.error).toMatchObject({
      name: 'UnavailableError',
      component: 'replay_store',
      message:
        'the replay store has lost its records; proofs that may have been used before are refused',
      retryAfterSeconds: 30,
    });
    expect(outcome.denial?.status).toBe(503);
  });

  it('a proof that no clock can have made before → accepted', async () => {
    const { send } = emptied(place, { asksForNonces: false });
    expect(await send({ iat: NOW + 30 })).toMatchObject({ granted: true });
  });

  it('after the time that was told → a new proof passes', async () => {
    const { clock, send } = emptied(place, { asksForNonces: false });
    await send({});
    clock.advance(30);
    expect(await send({ iat: clock() })).toMatchObject({ granted: true });
  });
});

describe.each(PLACES)('a $name with nonces whose store has lost its records', (place) => {
  it('a proof without a nonce → one retry with the nonce it is given passes', async () => {
    const { send } = emptied(place, { asksForNonces: true });
    const first = await send({});
    expect(first.reason).toBe('nonce_missing');
    const nonce = nonceOf(first);
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{43}~1767225600$/);
    expect(await send({ nonce })).toMatchObject({ granted: true });
  });

  it('a proof with a nonce from before the loss → proof_unaccountable, one retry passes [DPOP-11.1-P2]', async () => {
    const { nonces, send } = emptied(place, { asksForNonces: true });
    const before = await nonces.current();
    const refused = await send({ nonce: before });
    expect(refused).toMatchObject({ granted: false, reason: 'proof_unaccountable' });
    expect(refused.error).toMatchObject({ code: 'use_dpop_nonce', facts: { completeSince: NOW } });
    expect(refused.denial).toEqual(
      place.denial('proof_unaccountable', { nonce: nonceOf(refused) }),
    );
    expect(await send({ nonce: nonceOf(refused) })).toMatchObject({ granted: true });
  });

  it('a proof with a nonce that answers an earlier loss → proof_unaccountable', async () => {
    const { nonces, send } = emptied(place, { asksForNonces: true });
    const earlier = await nonces.current(NOW - 1);
    expect(await send({ nonce: earlier })).toMatchObject({ reason: 'proof_unaccountable' });
  });

  it('when no accepted proof can be older than the loss → nonces are the usual ones again', async () => {
    const { clock, nonces, send } = emptied(place, { asksForNonces: true });
    clock.set(NOW + 90);
    expect(nonceOf(await send({ iat: clock() }))).toMatch(/~/);
    clock.set(NOW + 91);
    const nonce = nonceOf(await send({ iat: clock() }));
    expect(nonce).toBe(await nonces.current());
    expect(await send({ iat: clock(), nonce })).toMatchObject({ granted: true });
  });

  it('a nonce that is replaced meanwhile → the new one answers the loss too', async () => {
    const { clock, nonces, send } = emptied(place, { asksForNonces: true });
    const given = await nonces.current(NOW);
    clock.advance(120); // one step later; the window of proofs is over then, so a store of its own is told
    const later = { add: async () => ({ isNew: true, completeSince: clock() - 1 }) };
    const replay: ReplayStore = {
      ...later,
      status: () => ({ fill: 0, completeSince: clock() - 1 }),
    };
    const server = place.create({ clock, replay, nonces });
    const outcome = await server.send({
      proof: draftFor(place).mint({ claims: { iat: clock(), nonce: given } }),
    });
    expect(outcome.reason).toBe('proof_unaccountable');
    expect(await send({ iat: clock(), nonce: given })).toMatchObject({ granted: true });
    expect(nonceOf(outcome)).toMatch(new RegExp(`~${clock() - 1}$`));
  });
});

describe('nonces that prove when they were given', () => {
  const STEP = 120;
  const create = (clock = createTestClock()): { clock: typeof clock; nonces: Nonces } => ({
    clock,
    nonces: createNonces({ secrets: () => [SECRET], server: 'https://rs.example', clock }),
  });

  it('an instance that has not heard of the loss → knows the nonce all the same', async () => {
    const nonce = await create().nonces.current(NOW - 0.123456);
    expect(await create().nonces.judge(nonce)).toEqual({
      state: 'current',
      acceptedUntil: (Math.floor(NOW / STEP) + 2) * STEP,
      givenAfter: NOW - 0.123456,
    });
  });

  it.each([
    ['another instant', (nonce: string) => nonce.replace(/~.*/, `~${NOW + 1}`)],
    ['the instant left out', (nonce: string) => nonce.replace(/~.*/, '')],
    ['the instant spelled otherwise', (nonce: string) => `${nonce}.0`],
    ['the instant with a sign', (nonce: string) => nonce.replace('~', '~+')],
    ['the instant in powers of ten', (nonce: string) => nonce.replace(/~.*/, '~1e12')],
    ['two instants', (nonce: string) => `${nonce}~${NOW}`],
    ['no instant behind the mark', (nonce: string) => nonce.replace(/~.*/, '~')],
    ['one character more before the mark', (nonce: string) => nonce.replace('~', 'A~')],
  ])('%s → not one of ours [DPOP-8-02]', async (_case, change) => {
    const { nonces } = create();
    const nonce = await nonces.current(NOW);
    expect(await nonces.judge(change(nonce))).toBeUndefined();
    expect(await nonces.judge(nonce)).toBeDefined();
  });

  it('a nonce that proves nothing, with an instant put behind it → not one of ours', async () => {
    const { nonces } = create();
    expect(await nonces.judge(`${await nonces.current()}~${NOW}`)).toBeUndefined();
  });

  it.each([
    ['in its step', 0, 'current'],
    ['a step later', STEP, 'previous'],
    ['two steps later', 2 * STEP, undefined],
  ] as const)('%s → %3$s, like any other', async (_case, later, state) => {
    const { clock, nonces } = create();
    const nonce = await nonces.current(NOW);
    clock.advance(later);
    expect((await nonces.judge(nonce))?.state).toBe(state);
  });

  it('how long a nonce is accepted → told to the second at which it no longer is', async () => {
    const { clock, nonces } = create();
    const nonce = await nonces.current();
    const { acceptedUntil = 0 } = (await nonces.judge(nonce)) ?? {};
    clock.set(acceptedUntil - 0.001);
    expect(await nonces.judge(nonce)).toBeDefined();
    clock.set(acceptedUntil);
    expect(await nonces.judge(nonce)).toBeUndefined();
  });
});
