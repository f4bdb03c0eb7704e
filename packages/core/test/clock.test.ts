import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/index.ts';

describe('systemClock', () => {
  it('now → seconds, not milliseconds [DPOP-4.2-06]', () => {
    const before = Date.now() / 1000;
    const now = systemClock();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now() / 1000);
  });
});
