import { loadVectors, type Question, type RequestTest, runVectors } from '@keybound/dpop-vectors';
import { afterAll, describe, expect, it } from 'vitest';
import { atClock } from '../src/peers/at-clock.ts';
import { createPeers } from '../src/peers/index.ts';

const files = loadVectors();
const group = files
  .find(({ file }) => file === 'rs-baselines')
  ?.testGroups.find(({ id }) => id === 'algorithms');
const base = group?.tests.find(({ id }) => id === 'es256');
if (group?.type !== 'RsVerify' || base === undefined) throw new Error('no baselines');
const { config } = group;
const good = base as RequestTest;

function asked(request: RequestTest['request'], session: string): Question {
  const { clock } = config;
  return { kind: 'rs-request', id: '1', session, type: 'RsVerify', clock, config, request };
}

/** The same request with another character in the middle of the signature of the field. */
function tampered(name: string): RequestTest['request'] {
  const fields = good.request.fields.map(([one, value]) => {
    if (one !== name) return [one, value] as const;
    const at = value.length - 40;
    const other = value[at] === 'A' ? 'B' : 'A';
    return [one, `${value.slice(0, at)}${other}${value.slice(at + 1)}`] as const;
  });
  return { ...good.request, fields };
}

describe.each(createPeers().map((peer) => [peer.name, peer] as const))('%s', (_, peer) => {
  afterAll(() => peer.close?.());

  it('is asked a good request → accepts', async () => {
    const answer = await peer.answer(asked(good.request, 'good'));
    expect(answer).toMatchObject({ decision: 'accept' });
  });

  it('is asked a request with a tampered proof → refuses', async () => {
    const answer = await peer.answer(asked(tampered('DPoP'), 'tampered proof'));
    expect(answer).toMatchObject({ decision: 'reject' });
  });

  it('is asked a request with a tampered token → refuses, or says why it is not asked', async () => {
    const answer = await peer.answer(asked(tampered('Authorization'), 'tampered token'));
    const tokensOfItsOwn = peer.name === '@solid/access-token-verifier';
    expect(answer).toMatchObject(
      tokensOfItsOwn ? { skip: expect.stringContaining('Solid') } : { decision: 'reject' },
    );
  });

  it('is asked the same request an hour later → refuses', async () => {
    const late = { ...asked(good.request, 'late'), clock: config.clock + 3600 };
    const answer = await peer.answer(late);
    const tokensOfItsOwn = peer.name === '@solid/access-token-verifier';
    expect(answer).toMatchObject(
      tokensOfItsOwn ? { skip: expect.stringContaining('Solid') } : { decision: 'reject' },
    );
  });

  it('says how it is configured and of what version it is', () => {
    expect(peer.configuration.length).toBeGreaterThan(20);
    expect(peer.version).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe.each(createPeers().map((peer) => [peer.name, peer] as const))('%s', (_, peer) => {
  it('passes the good request of the baselines and the forged one, and gives a reason for each skip', async () => {
    const { results } = await runVectors(peer, {
      files: files.filter(({ file }) => file === 'rs-baselines'),
    });
    const verdictOf = (id: string): string | undefined =>
      results.find((result) => result.id === id)?.verdict;
    expect(verdictOf('es256')).toBe('passed');
    // A warning is the right decision with another status.
    expect(['passed', 'warning']).toContain(verdictOf('sig-other-key'));
    for (const { verdict, sentences } of results) {
      if (verdict === 'skipped') expect(sentences.join(' ')).toMatch(/^It .*\.$/);
    }
  });
});

describe('the clock of the process', () => {
  it('stands still during the work, and is given back', async () => {
    const before = Date.now();
    const seen = await atClock(1_767_225_600, async () => [
      new Date(Date.now()).toISOString(),
      new Date().toISOString(),
    ]);
    expect(seen).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']);
    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(new Date(0).getTime()).toBe(0);
  });

  it('is given back when the work fails', async () => {
    const real = Date;
    await expect(atClock(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(Date).toBe(real);
  });

  it('is set for one work at a time, in the order in which they came', async () => {
    const works = [5, 3, 8].map((clock) =>
      atClock(clock, async () => {
        const first = Date.now();
        await Promise.resolve();
        return [first, Date.now()];
      }),
    );
    expect(await Promise.all(works)).toEqual([
      [5000, 5000],
      [3000, 3000],
      [8000, 8000],
    ]);
  });
});
