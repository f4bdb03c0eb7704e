import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../scripts/conformance/evidence.ts';
import { conformancePage } from '../scripts/conformance/page.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const evidence = readEvidence(ROOT);
const { requirements, standings, cases, citations } = evidence;
const known = new Set(requirements.map(({ id }) => id));

describe('docs/conformance.md', () => {
  it('is what `npm run conformance` writes', () => {
    expect(readFileSync(`${ROOT}docs/conformance.md`, 'utf8')).toBe(conformancePage(evidence));
  });
});

describe('the catalogue of requirements', () => {
  it('names each requirement once', () => {
    expect(known.size).toBe(requirements.length);
  });

  it('has every ID that a vector names', () => {
    const unknown = cases.filter((one) => one.requirements.some((id) => !known.has(id)));
    expect(unknown).toEqual([]);
  });

  it('has every ID that a test names', () => {
    expect([...citations].filter(([id]) => !known.has(id))).toEqual([]);
  });

  it('has every ID whose standing is noted', () => {
    expect(Object.keys(standings).filter((id) => !known.has(id))).toEqual([]);
  });

  it('has a vector or a test for each starred row', () => {
    const bare = requirements.filter(({ starred, id }) => starred && !hasCase(id));
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('has, for each MUST that a message can violate, a vector that fails the violation', () => {
    const biting = new Set(cases.filter(({ bites }) => bites).flatMap((one) => one.requirements));
    const bare = requirements.filter(
      ({ level, violable, id }) => level === 'MUST' && violable && !biting.has(id),
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
  });
});

function hasCase(id: string): boolean {
  return citations.has(id) || cases.some((one) => one.requirements.includes(id));
}
