/** Something about an input is not as it must be. Whoever asked knows with which code that is refused. */
export class Fault extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Fault';
  }
}

/** A refusal as it goes out. */
export class Refusal extends Error {
  /** Null where no error code is due. */
  readonly code: string | null;
  readonly status: number | undefined;

  /** @param status - Where it does not follow from the code. */
  constructor(code: string | null, what: string, status?: number) {
    super(what);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
  }
}

export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Fault(what);
}

/** What a check gives, or nothing when it finds a fault. */
export function attempted<T>(check: () => T): readonly T[] {
  try {
    return [check()];
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

/** Runs a check whose faults are refused with this code, and with this status where it does not follow. */
export function refusing<T>(code: string, check: () => T, status?: number): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof Fault) throw new Refusal(code, error.message, status);
    throw error;
  }
}
