import { type Case, loadVectors, runVectors, type Verdict } from '@keybound/dpop-vectors';
import { describe, expect, it } from 'vitest';
import { createReferenceAdapter } from '../src/reference/reference-adapter.ts';
import { ALLOWED_BY_THE_RFCS, SWITCHES, type SwitchName } from '../src/reference/switches.ts';

const files = loadVectors();

/** Signer cases are about clients, and the reference is none. */
function isAboutServers({ group }: Case): boolean {
  return group.type !== 'Signer';
}

/** The first case with this verdict, behind whose group nothing more is run; undefined when there is none. */
async function firstWith(verdict: Verdict, thrown: SwitchName): Promise<string | undefined> {
  let found: string | undefined;
  await runVectors(createReferenceAdapter([thrown]), {
    files,
    only: (one) => found === undefined && isAboutServers(one),
    onResult(result) {
      if (result.verdict === verdict) found ??= result.name;
    },
  });
  return found;
}

describe('the vectors against a plain verifier', () => {
  it('that leaves nothing out → neither failures nor warnings, and everything can be tested', async () => {
    const { counts, results } = await runVectors(createReferenceAdapter(), {
      files,
      only: isAboutServers,
    });
    const remarkable = results.filter(({ verdict }) => !['passed', 'skipped'].includes(verdict));

    expect(counts.passed).toBeGreaterThan(450);
    expect(remarkable).toEqual([]);
  });
});

describe('the vectors against software that', () => {
  const everything = (decision: 'accept' | 'reject') => ({
    name: decision,
    answer: () => ({ decision }),
  });

  it('refuses everything → passes nothing but the outage, which has no good request to stand on', async () => {
    const { results } = await runVectors(everything('reject'), { files });
    const passed = results.filter(({ verdict }) => verdict === 'passed');
    expect(passed.map(({ name }) => name)).toEqual(['rs-replay/refuses']);
  });

  it('accepts everything → passes none that must be refused', async () => {
    const { results } = await runVectors(everything('accept'), { files });
    const passed = results.filter(
      ({ verdict, result }) => verdict === 'passed' && result === 'invalid',
    );
    expect(passed.map(({ name }) => name)).toEqual([]);
  });
});

describe('the vectors against a verifier where', () => {
  const all = Object.entries(SWITCHES) as [SwitchName, string][];
  const isAllowed = ([name]: (typeof all)[number]): boolean => ALLOWED_BY_THE_RFCS.includes(name);

  it.each(all.filter((one) => !isAllowed(one)))('[%s] %s → a failure', async (name) => {
    expect(await firstWith('failure', name)).toBeDefined();
  });

  it.each(all.filter(isAllowed))('[%s] %s → a warning', async (name) => {
    expect(await firstWith('warning', name)).toBeDefined();
  });
});
