/** 2026-01-01T00:00:00Z, where time stands in tests. */
export const NOW = 1_767_225_600;

/** A clock in seconds that moves only when told to. */
export interface TestClock {
  (): number;
  advance(seconds: number): void;
  set(seconds: number): void;
}

/** A clock that stands at {@link NOW}, or at another instant. */
export function createTestClock(start: number = NOW): TestClock {
  let now = start;
  const clock = (): number => now;
  return Object.assign(clock, {
    advance(seconds: number): void {
      now += seconds;
    },
    set(seconds: number): void {
      now = seconds;
    },
  });
}
