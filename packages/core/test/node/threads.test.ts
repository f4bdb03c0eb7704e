import { KEYS, rawSignature } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  encodeUtf8,
  importVerifyKey,
  type PublicJwk,
  parsePublicJwk,
  type SignatureThread,
  type VerifyKey,
  verifySignature,
} from '../../src/index.ts';

const { alice } = KEYS;
const INPUT = encodeUtf8('x');
const GOOD = new Uint8Array(rawSignature('ES256', alice.privateKey, 'x'));
const BAD = new Uint8Array(rawSignature('ES256', alice.privateKey, 'y'));
const key = (await importVerifyKey(
  parsePublicJwk(alice.publicJwk, 'ES256') as PublicJwk,
  'ES256',
)) as VerifyKey;

/** A check on the main thread is there at once; one on the pool is promised. */
function check(thread: SignatureThread, signature = GOOD): boolean | Promise<boolean> {
  return verifySignature(key, signature, INPUT, thread);
}

function isOnMain(thread: SignatureThread): boolean {
  return check(thread) === true;
}

async function nextTurn(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** Several checks that come together, one after the other in a turn, until all of them are done. */
async function burst(size: number): Promise<readonly boolean[]> {
  const checks = Array.from({ length: size }, () => check('adaptive'));
  const wereOnMain = checks.map((one) => one === true);
  expect(await Promise.all(checks)).toEqual(checks.map(() => true));
  await nextTurn();
  return wereOnMain;
}

/** More than the 32 that are spared at most, by whatever file came before, with several on the pool at once. */
async function forgetWhatWasLearnt(): Promise<void> {
  await burst(40);
}

describe('where a signature is checked', () => {
  it.each<SignatureThread>(['main', 'pool', 'adaptive'])(
    '%s → the same answers',
    async (thread) => {
      for (let i = 0; i < 3; i++) {
        expect(await check(thread)).toBe(true);
        expect(await check(thread, BAD)).toBe(false);
      }
    },
  );

  it("'main' → at once, however many there are", () => {
    expect([1, 2, 3].map(() => isOnMain('main'))).toEqual([true, true, true]);
  });

  it("'pool' → never at once", async () => {
    const checks = [check('pool'), check('pool')];
    expect(checks.every((one) => one instanceof Promise)).toBe(true);
    expect(await Promise.all(checks)).toEqual([true, true]);
  });

  it("'adaptive', several in a turn → the first at once, the others on the pool, turn after turn", async () => {
    await forgetWhatWasLearnt();
    expect(await burst(4)).toEqual([true, false, false, false]);
    expect(await burst(4)).toEqual([true, false, false, false]);
  });

  it("'adaptive', one a turn → always at once", async () => {
    for (let i = 0; i < 5; i++) {
      expect(isOnMain('adaptive')).toBe(true);
      await nextTurn();
    }
  });

  it("'adaptive', one after the other without leaving the turn → nearly all at once", async () => {
    await burst(4);
    let onPool = 0;
    for (let i = 0; i < 1000; i++) {
      const one = check('adaptive');
      if (one !== true) onPool++;
      expect(await one).toBe(true);
    }
    expect(onPool).toBeGreaterThan(0);
    expect(onPool).toBeLessThan(50);
  });

  it("checks of 'pool' that are alone there → teach the adaptive ones nothing", async () => {
    await forgetWhatWasLearnt();
    for (let i = 0; i < 100; i++) await check('pool');
    expect(await burst(4)).toEqual([true, false, false, false]);
  });

  it('a burst after that → on the pool again as soon as what was learnt is used up', async () => {
    for (let i = 0; i < 1000; i++) await check('adaptive');
    await forgetWhatWasLearnt();
    expect(await burst(4)).toEqual([true, false, false, false]);
  });
});
