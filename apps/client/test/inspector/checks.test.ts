import { AUTH_REASONS, type AuthReason } from '@keybound/core';
import { describe, expect, it } from 'vitest';
import { CHECKS, checksFor, tickChecks } from '../../src/inspector/checks.ts';

const REASONS = Object.keys(AUTH_REASONS) as AuthReason[];

describe('the table of checks', () => {
  it.each(REASONS)('%s → in exactly one check', (reason) => {
    expect(CHECKS.filter(({ reasons }) => reasons.includes(reason))).toHaveLength(1);
  });

  it('no check has a reason that does not exist, and none has no reason', () => {
    const named = CHECKS.flatMap(({ reasons }) => reasons);
    expect([...named].sort()).toEqual([...REASONS].sort());
    expect(CHECKS.filter(({ reasons }) => reasons.length === 0)).toEqual([]);
  });

  it('every check has an identifier and a title of its own → none is mistaken for another', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
    const titles = CHECKS.map(({ title, about }) => `${about}: ${title}`);
    expect(new Set(titles).size).toBe(CHECKS.length);
  });

  it.each(CHECKS)('$id → a section and one sentence', ({ id, section, words }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(section).toMatch(/^RFC \d{4} §\d/);
    expect(words).toMatch(/^[A-Z][^.]*\.$/);
  });

  it('the twelve checks of RFC 9449 §4.3 → all there', () => {
    const numbers = CHECKS.flatMap(
      ({ section }) => /RFC 9449 §4\.3 \((\d+)\)/.exec(section)?.[1] ?? [],
    );
    expect([...new Set(numbers.map(Number))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });
});

describe('the checks of a scheme', () => {
  it('DPoP with nonces → all but those of Bearer, in order', () => {
    const expected = CHECKS.filter(({ only }) => only !== 'Bearer');
    expect(checksFor('DPoP', { nonces: true })).toEqual(expected);
  });

  it('DPoP without nonces → no check of the nonce', () => {
    const ids = checksFor('DPoP', { nonces: false }).map(({ id }) => id);
    expect(ids).not.toContain('proof-nonce');
    expect(ids).toHaveLength(checksFor('DPoP', { nonces: true }).length - 1);
  });

  it.each([true, false])('Bearer, nonces %s → nothing about a proof', (nonces) => {
    const checks = checksFor('Bearer', { nonces });
    expect(checks.filter(({ about }) => about === 'proof')).toEqual([]);
    expect(checks).toEqual(CHECKS.filter(({ only }) => only !== 'DPoP'));
  });
});

describe('ticking checks', () => {
  const checks = checksFor('DPoP', { nonces: true });

  it('no reason → all passed', () => {
    expect(new Set(tickChecks(checks, undefined).map(({ state }) => state))).toEqual(
      new Set(['passed']),
    );
  });

  it.each(checks)(
    'a refusal by $id → passed before, failed there, not reached behind',
    (failed) => {
      const place = checks.indexOf(failed);
      for (const reason of failed.reasons) {
        expect(tickChecks(checks, reason).map(({ state }) => state)).toEqual(
          checks.map((_, index) =>
            index < place ? 'passed' : index === place ? 'failed' : 'not-reached',
          ),
        );
      }
    },
  );

  it('a reason of none of the checks → nothing is claimed', () => {
    const states = tickChecks(checksFor('Bearer', { nonces: false }), 'htm_mismatch');
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['not-reached']));
  });
});
