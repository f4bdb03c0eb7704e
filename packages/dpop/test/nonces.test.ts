import { createHmac } from 'node:crypto';
import { createTestClock, NOW, RESOURCE, type TestClock } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createNonces, type Nonces, type NoncesOptions } from '../src/index.ts';
import {
  AUTHORIZATION_SERVER,
  draftFor,
  type Outcome,
  PLACES,
  type Place,
  RESOURCE_SERVER,
  TOKEN,
} from './support/servers.ts';

const SECRET = 'a secret of the tests, 32 or more chars';
const NEWER = 'a newer secret of the tests, long enough';
const STEP = 120;

const noncesOf = (clock: TestClock, options: Partial<NoncesOptions> = {}) =>
  createNonces({ secrets: () => [SECRET], server: RESOURCE, clock, ...options });

/** What a received nonce is, in a word. */
const stateOf = async (nonces: Nonces, nonce: string): Promise<string> =>
  (await nonces.judge(nonce))?.state ?? 'unknown';

describe('what a received nonce is', () => {
  const START = Math.ceil(NOW / STEP) * STEP;

  it.each([
    ['in the same step', 0, 'current'],
    ['at the end of its step', STEP - 0.001, 'current'],
    ['one step later', STEP, 'previous'],
    ['at the end of the step after', 2 * STEP - 0.001, 'previous'],
    ['two steps later', 2 * STEP, 'unknown'],
    ['a day later', 86_400, 'unknown'],
    ['one step earlier, from an instance with a fast clock', -1, 'current'],
    ['at the start of the step before', -STEP, 'current'],
    ['two steps earlier', -STEP - 0.001, 'unknown'],
  ] as const)('%s → %3$s [DPOP-8-04, DPOP-8-05]', async (_case, later, state) => {
    const clock = createTestClock(START);
    const nonces = noncesOf(clock);
    const nonce = await nonces.current();
    clock.set(START + later);
    expect(await stateOf(nonces, nonce)).toBe(state);
    expect(await stateOf(noncesOf(clock), nonce)).toBe(state);
  });

  it.each([
    ['of another server [DPOP-9-02]', { server: 'https://as.example' }],
    ['made with another secret', { secrets: () => [NEWER] }],
    ['of another step length', { stepSeconds: 60 }],
  ])('a nonce %s → unknown', async (_case, options) => {
    const clock = createTestClock();
    const foreign = await noncesOf(clock, options).current();
    expect(await stateOf(noncesOf(clock), foreign)).toBe('unknown');
  });

  it('each single bit altered → unknown', async () => {
    const nonces = noncesOf(createTestClock());
    const octets = Buffer.from(await nonces.current(), 'base64url');
    expect(await stateOf(nonces, octets.toString('base64url'))).toBe('current');
    for (let bit = 0; bit < octets.length * 8; bit++) {
      const altered = Buffer.from(octets);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await stateOf(nonces, altered.toString('base64url'))).toBe('unknown');
    }
  });

  it.each([
    ['empty', () => ''],
    ['cut by one character', (nonce: string) => nonce.slice(1)],
    ['cut at the end', (nonce: string) => nonce.slice(0, -1)],
    ['with one more character', (nonce: string) => `${nonce}A`],
    ['with padding', (nonce: string) => `${nonce}=`],
    ['twice', (nonce: string) => nonce + nonce],
  ])('the nonce %s → unknown', async (_case, change) => {
    const nonces = noncesOf(createTestClock());
    expect(await stateOf(nonces, change(await nonces.current()))).toBe('unknown');
  });

  it('forged from the known time, server and step, without the secret → unknown [DPOP-8-02]', async () => {
    const clock = createTestClock();
    const nonces = noncesOf(clock);
    const message = `dpop-nonce\n${RESOURCE}\n${Math.floor(NOW / STEP)}`;
    const mac = (secret: string): string =>
      createHmac('sha256', secret).update(message).digest('base64url');
    expect(await stateOf(nonces, mac(SECRET))).toBe('current'); // the guess is right but for the secret
    for (const guess of ['0'.repeat(32), RESOURCE, NEWER, SECRET.toUpperCase()]) {
      expect(await stateOf(nonces, mac(guess))).toBe('unknown');
    }
    expect(await stateOf(nonces, Buffer.from(message).toString('base64url'))).toBe('unknown');
  });

  it('any nonce → 43 characters of the nonce syntax, not the time [DPOP-8.1-01, DPOP-8-02]', async () => {
    const clock = createTestClock();
    const first = await noncesOf(clock).current();
    clock.advance(STEP);
    const second = await noncesOf(clock).current();
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(second).not.toBe(first);
  });
});

describe('rotating the secrets', () => {
  it('added last, moved to the front, old one dropped two steps later → no nonce is refused', async () => {
    const clock = createTestClock();
    const lists = [[SECRET], [SECRET, NEWER], [NEWER, SECRET], [NEWER]];
    const secretsOf = [0, 0]; // where each of two instances is in the procedure
    const instances = [0, 1].map((i) =>
      noncesOf(clock, { secrets: () => lists[secretsOf[i] ?? 0] ?? [] }),
    );
    const given: { nonce: string; at: number }[] = [];
    async function walk(seconds: number): Promise<void> {
      for (let passed = 0; passed < seconds; passed += 20) {
        for (const instance of instances)
          given.push({ nonce: await instance.current(), at: clock() });
        // A client uses what it was given within one step.
        for (const { nonce } of given.filter((one) => clock() - one.at <= STEP)) {
          for (const instance of instances)
            expect(await stateOf(instance, nonce)).not.toBe('unknown');
        }
        clock.advance(20);
      }
    }
    await walk(STEP);
    for (const stage of [1, 2]) {
      for (const instance of [0, 1]) {
        secretsOf[instance] = stage; // one instance after the other
        await walk(40);
      }
    }
    await walk(2 * STEP);
    for (const instance of [0, 1]) {
      secretsOf[instance] = 3;
      await walk(STEP);
    }
  });

  it('a nonce made with an older secret → previous, so that clients move on', async () => {
    const clock = createTestClock();
    const old = await noncesOf(clock).current();
    expect(await stateOf(noncesOf(clock, { secrets: () => [NEWER, SECRET] }), old)).toBe(
      'previous',
    );
    expect(await stateOf(noncesOf(clock, { secrets: () => [SECRET, NEWER] }), old)).toBe('current');
  });

  it('the secrets change while the server runs → asked again, for current and for judge', async () => {
    const clock = createTestClock();
    let secrets = [SECRET];
    const nonces = noncesOf(clock, { secrets: () => secrets });
    const old = await nonces.current();
    secrets = [NEWER];
    expect(await nonces.current()).toBe(
      await noncesOf(clock, { secrets: () => [NEWER] }).current(),
    );
    expect(await stateOf(nonces, old)).toBe('unknown');
  });

  it('a secret that is too short appears while the server runs → TypeError, no weak nonce', async () => {
    let secrets = [SECRET];
    const nonces = noncesOf(createTestClock(), { secrets: () => secrets });
    secrets = ['short'];
    await expect(nonces.current()).rejects.toThrow(TypeError);
    await expect(nonces.judge('x')).rejects.toThrow(TypeError);
  });

  it('many steps pass → the same answers as an instance that was just started', async () => {
    const clock = createTestClock();
    const nonces = noncesOf(clock);
    for (let step = 0; step < 20; step++, clock.advance(STEP)) {
      const nonce = await nonces.current();
      expect(nonce).toBe(await noncesOf(clock).current());
      expect(await stateOf(nonces, nonce)).toBe('current');
    }
  });
});

describe('nonce options', () => {
  it.each([
    ['no secret', { secrets: () => [] }, 'secrets: give at least one'],
    [
      'a secret of 31 characters',
      { secrets: () => [SECRET, 's'.repeat(31)] },
      'secrets: each must have at least 32 random characters',
    ],
    [
      'a secret that is no text',
      { secrets: () => [Array(40).fill('s') as never] },
      'secrets: each must have at least 32 random characters',
    ],
    ['an empty server', { server: '' }, 'server: must be a non-empty text'],
    ['no server', { server: undefined as never }, 'server: must be a non-empty text'],
    ['stepSeconds 0', { stepSeconds: 0 }, 'stepSeconds: must be from 1 to 3600'],
    ['stepSeconds 3601', { stepSeconds: 3601 }, 'stepSeconds: must be from 1 to 3600'],
    ['stepSeconds NaN', { stepSeconds: Number.NaN }, 'stepSeconds: must be from 1 to 3600'],
  ] as const)('%s → TypeError', (_case, options, message) => {
    expect(() => noncesOf(createTestClock(), options as Partial<NoncesOptions>)).toThrow(
      new TypeError(message),
    );
  });

  it('a secret of 32 characters, a step of 3600 seconds → allowed', async () => {
    const secrets = (): string[] => ['s'.repeat(32)];
    const nonces = noncesOf(createTestClock(), { secrets, stepSeconds: 3600 });
    expect(await stateOf(nonces, await nonces.current())).toBe('current');
  });
});

describe.each(PLACES)('a $name that demands nonces', (place: Place) => {
  const server = (clock = createTestClock(), options: Partial<NoncesOptions> = {}) => {
    const nonces = noncesOf(clock, options);
    return { nonces, clock, server: place.create({ clock, nonces }) };
  };
  const send = (to: { server: ReturnType<Place['create']> }, claims: Record<string, unknown>) =>
    to.server.send({ proof: draftFor(place).mint({ claims }) });

  function expectFresh(
    outcome: Outcome,
    nonce: string,
    reason: 'nonce_missing' | 'nonce_stale' | 'htm_mismatch' | 'proof_claims_invalid',
  ) {
    expect(outcome).toMatchObject({ granted: false, reason });
    expect(outcome.denial).toEqual(place.denial(reason, { nonce }));
    expect(outcome.denial?.headers.filter(([name]) => name === 'dpop-nonce')).toHaveLength(1);
  }

  it(`G01 no nonce → ${place.status} use_dpop_nonce, exactly one DPoP-Nonce, no-store [DPOP-8-01, DPOP-9-01, DPOP-11.3-01, DPOP-8-03, DPOP-8.2-02]`, async () => {
    const all = server();
    const outcome = await send(all, {});
    expect(outcome.error).toMatchObject({ code: 'use_dpop_nonce' });
    expectFresh(outcome, await all.nonces.current(), 'nonce_missing');
    expect(outcome.denial?.status).toBe(place.status);
    const again = await send(all, { nonce: await all.nonces.current() });
    expect(again).toMatchObject({ granted: true, headers: [] });
  });

  it('G02 the current nonce, with many proofs → accepted, no new nonce [DPOP-4.3-10]', async () => {
    const all = server();
    const nonce = await all.nonces.current();
    for (let i = 0; i < 3; i++) {
      expect(await send(all, { nonce })).toMatchObject({ granted: true, headers: [] });
    }
  });

  it.each([
    ['G03', 'a text that is no nonce', 'random'],
    ['G03', 'as long as a nonce', 'A'.repeat(43)],
    ['G03', 'as long as may be', 'n'.repeat(512)],
  ])(
    '%s %s → use_dpop_nonce with a fresh one [DPOP-4.3-10, DPOP-8-04]',
    async (_id, _case, nonce) => {
      const all = server();
      const outcome = await send(all, { nonce });
      expect(outcome.error).toMatchObject({ code: 'use_dpop_nonce' });
      expectFresh(outcome, await all.nonces.current(), 'nonce_stale');
    },
  );

  it('G04 older than the window → use_dpop_nonce [DPOP-8-04]', async () => {
    const all = server();
    const nonce = await all.nonces.current();
    all.clock.advance(2 * STEP);
    const outcome = await send(all, { nonce, iat: all.clock() });
    expectFresh(outcome, await all.nonces.current(), 'nonce_stale');
  });

  it('G05 the previous one → accepted, the next one comes along, not cacheable [DPOP-8-05, DPOP-8.2-02]', async () => {
    const all = server();
    const nonce = await all.nonces.current();
    all.clock.advance(STEP);
    const outcome = await send(all, { nonce, iat: all.clock() });
    expect(outcome).toMatchObject({ granted: true });
    expect(outcome.headers).toEqual([
      ['dpop-nonce', await all.nonces.current()],
      ['cache-control', 'no-store'],
    ]);
  });

  it('G06 a nonce of another server with the same secret → use_dpop_nonce [DPOP-9-02]', async () => {
    const all = server();
    const foreign = await noncesOf(all.clock, { server: 'https://other.example' }).current();
    expectFresh(await send(all, { nonce: foreign }), await all.nonces.current(), 'nonce_stale');
  });

  it('G10 an empty nonce → invalid_dpop_proof, with a fresh one [DPOP-8.1-01]', async () => {
    const all = server();
    expectFresh(await send(all, { nonce: '' }), await all.nonces.current(), 'proof_claims_invalid');
  });

  it('G13 one bit altered → use_dpop_nonce [DPOP-8-02]', async () => {
    const all = server();
    const octets = Buffer.from(await all.nonces.current(), 'base64url');
    octets[0] = (octets[0] ?? 0) ^ 1;
    const outcome = await send(all, { nonce: octets.toString('base64url') });
    expectFresh(outcome, await all.nonces.current(), 'nonce_stale');
  });

  it('G16 a good nonce and another fault → the fault, with a fresh nonce [DPOP-9-P1]', async () => {
    const all = server();
    const nonce = await all.nonces.current();
    expectFresh(await send(all, { nonce, htm: 'PUT' }), nonce, 'htm_mismatch');
  });

  it('G15 a good nonce and iat two hours off → refused by its time', async () => {
    const all = server();
    const nonce = await all.nonces.current();
    expect(await send(all, { nonce, iat: NOW - 7200 })).toMatchObject({ reason: 'proof_expired' });
  });

  it('a refused nonce → the jti is not spent, and no fact holds a nonce', async () => {
    const all = server();
    const outcome = await send(all, { jti: 'one', nonce: 'stale' });
    expect(outcome.error).toMatchObject({ facts: {} });
    expect(all.server.spent).toEqual([]);
    const nonce = await all.nonces.current();
    expect(await send(all, { jti: 'one', nonce })).toMatchObject({ granted: true });
  });

  it('I14 the step changes under 20 parallel requests → all are accepted [DPOP-8-05]', async () => {
    const all = server(createTestClock(), { stepSeconds: 10 });
    const nonce = await all.nonces.current();
    const sendTen = () => Array.from({ length: 10 }, () => send(all, { nonce }));
    const before = sendTen();
    all.clock.advance(10);
    const outcomes = await Promise.all([...before, ...sendTen()]);
    expect(outcomes.map(({ granted }) => granted)).toEqual(Array(20).fill(true));
  });
});

describe('nonces of two kinds of server', () => {
  it('a nonce of the authorization server at the resource server, one secret → refused [DPOP-9-02]', async () => {
    const clock = createTestClock();
    const [rs, as] = [noncesOf(clock), noncesOf(clock, { server: 'https://as.example' })];
    const proof = (nonce: string, place: Place): string =>
      draftFor(place).mint({ claims: { nonce } });
    const resource = RESOURCE_SERVER.create({ clock, nonces: rs });
    const token = AUTHORIZATION_SERVER.create({ clock, nonces: as });
    expect(
      await resource.send({ proof: proof(await as.current(), RESOURCE_SERVER), token: TOKEN }),
    ).toMatchObject({ reason: 'nonce_stale' });
    expect(
      await token.send({ proof: proof(await as.current(), AUTHORIZATION_SERVER) }),
    ).toMatchObject({ granted: true });
  });
});

it('secrets given as a list → TypeError that asks for a function', () => {
  const secrets = ['a secret of the tests, 32 or more chars'] as unknown as () => string[];
  expect(() => createNonces({ secrets, server: 'https://rs.example' })).toThrow(
    new TypeError('secrets: give a function that returns the list'),
  );
});
