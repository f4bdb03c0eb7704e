import { NOW } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../src/presets.ts';
import { createProofWindow, type ProofWindow, type WindowOptions } from '../src/window.ts';

const presets = Object.entries(PRESETS);

const accepts = (window: ProofWindow, iat: number, now: number): boolean => {
  try {
    window.check(iat, now);
    return true;
  } catch {
    return false;
  }
};

/** Offsets of `iat` from NOW and of now from NOW, with fractions. */
const offset = fc.oneof(
  fc.integer({ min: -1300, max: 1300 }),
  fc.double({ min: -1300, max: 1300, noNaN: true }),
);

describe.each(presets)('the window of preset %s', (_name, preset) => {
  const window = createProofWindow(preset);
  const { maxAgeSeconds, maxFutureSeconds } = preset;

  it.each([
    ['as old as allowed', -maxAgeSeconds, true],
    ['a second older', -maxAgeSeconds - 1, false],
    ['a millisecond older', -maxAgeSeconds - 0.001, false],
    ['as far ahead as allowed', maxFutureSeconds, true],
    ['a second further', maxFutureSeconds + 1, false],
    ['a millisecond further', maxFutureSeconds + 0.001, false],
    ['now', 0, true],
  ] as const)('iat %s → accepted: %3$s [DPOP-4.3-11, DPOP-11.1-01]', (_case, at, accepted) => {
    expect(accepts(window, NOW + at, NOW)).toBe(accepted);
  });

  it('any iat → remembered longer than accepted, until a whole second [DPOP-11.1-P2]', () => {
    fc.assert(
      fc.property(offset, (at) => {
        const iat = NOW + at;
        expect(window.rememberUntil(iat)).toBeGreaterThan(window.acceptedUntil(iat));
        expect(Number.isInteger(window.rememberUntil(iat))).toBe(true);
      }),
    );
  });

  it('any iat and now → accepted just when neither too old nor too far ahead', () => {
    fc.assert(
      fc.property(offset, offset, (at, later) => {
        const [iat, now] = [NOW + at, NOW + later];
        const fits = now - iat <= maxAgeSeconds && iat - now <= maxFutureSeconds;
        expect(accepts(window, iat, now)).toBe(fits);
        if (accepts(window, iat, now)) expect(now).toBeLessThanOrEqual(window.acceptedUntil(iat));
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(presets)('a nonce that ends, preset %s', (_name, preset) => {
  const window = createProofWindow(preset);

  it('any iat and end → accepted and remembered no longer than the nonce, remembered longer than accepted [DPOP-11.1-P2]', () => {
    fc.assert(
      fc.property(offset, offset, (at, end) => {
        const [iat, nonceUntil] = [NOW + at, NOW + end];
        const accepted = window.acceptedUntil(iat, nonceUntil);
        const remembered = window.rememberUntil(iat, nonceUntil);
        expect(accepted).toBe(Math.min(window.acceptedUntil(iat), nonceUntil));
        expect(remembered).toBeGreaterThan(accepted);
        expect(remembered).toBeLessThanOrEqual(window.rememberUntil(iat));
      }),
    );
  });
});

describe.each(presets)('a store that is complete since an instant, preset %s', (_name, preset) => {
  const window = createProofWindow(preset);

  it('any iat and instant → accountable just when the proof was not accepted anywhere before', () => {
    fc.assert(
      fc.property(offset, offset, (at, since) => {
        const [iat, completeSince] = [NOW + at, NOW + since];
        const isAccountable = window.usableFrom(iat) >= completeSince;
        if (isAccountable) expect(accepts(window, iat, completeSince - 0.001)).toBe(false);
        else expect(accepts(window, iat, Math.max(window.usableFrom(iat), iat))).toBe(true);
      }),
    );
  });

  it('any iat and now → after unaccountableUntil whatever is accepted is accountable', () => {
    fc.assert(
      fc.property(offset, offset, (at, later) => {
        const iat = NOW + at;
        const now = window.unaccountableUntil(NOW) + Math.abs(later);
        if (accepts(window, iat, now)) expect(window.usableFrom(iat)).toBeGreaterThanOrEqual(NOW);
      }),
    );
  });
});

describe('window facts', () => {
  const window = createProofWindow({ maxAgeSeconds: 60, maxFutureSeconds: 30 });

  it('too old → the age and the limit in seconds', () => {
    expect(() => window.check(NOW - 75, NOW)).toThrow(
      expect.objectContaining({
        reason: 'proof_expired',
        facts: { ageSeconds: 75, maxAgeSeconds: 60 },
      }),
    );
  });

  it('from the future → the distance and the limit in seconds', () => {
    expect(() => window.check(NOW + 31.5, NOW)).toThrow(
      expect.objectContaining({
        reason: 'proof_from_future',
        facts: { aheadSeconds: 31.5, maxFutureSeconds: 30 },
      }),
    );
  });

  it('a clock that gives NaN → refused', () => {
    expect(accepts(window, NOW, Number.NaN)).toBe(false);
  });
});

describe('window options', () => {
  const LIMITS = { maxAgeSeconds: 60, maxFutureSeconds: 30 };
  it.each([
    ['maxAgeSeconds', 0],
    ['maxAgeSeconds', 0.5],
    ['maxAgeSeconds', 600.001],
    ['maxAgeSeconds', Number.POSITIVE_INFINITY],
    ['maxAgeSeconds', Number.NaN],
    ['maxAgeSeconds', '60'],
    ['maxFutureSeconds', -1],
    ['maxFutureSeconds', 601],
    ['maxFutureSeconds', Number.POSITIVE_INFINITY],
    ['maxFutureSeconds', Number.NaN],
    ['maxFutureSeconds', '30'],
    ['maxFutureSeconds', null],
  ])('%s %s → TypeError that names it [DPOP-11.1-01]', (option, value) => {
    const options = { ...LIMITS, [option]: value } as WindowOptions;
    const min = option === 'maxAgeSeconds' ? 1 : 0;
    expect(() => createProofWindow(options)).toThrow(
      new TypeError(`${option}: must be a number from ${min} to 600`),
    );
  });

  it.each([
    [1, 0],
    [600, 600],
    [1.5, 0.5],
  ])('maxAgeSeconds %s, maxFutureSeconds %s → allowed', (maxAgeSeconds, maxFutureSeconds) => {
    expect(createProofWindow({ maxAgeSeconds, maxFutureSeconds }).acceptedUntil(NOW)).toBe(
      NOW + maxAgeSeconds,
    );
  });
});
