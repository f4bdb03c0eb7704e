import type { TestKey } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { type Draft, draftFor, type Fault, keyOf, PLACES, type ServerOptions } from './servers.ts';

/**
 * Runs a table of faulty proofs against both servers. Each row first proves that the good proof it
 * starts from is accepted by the same server, then that the fault is refused for its own reason with
 * the whole answer, and that the replay store was not asked about it.
 */
export function describeFaults(title: string, faults: readonly Fault[]): void {
  describe.each(PLACES)(`${title}, at the $name ($status)`, (place) => {
    it.each(titled(faults, ({ reason }) => reason))('%s', async (_title, fault) => {
      const server = place.create(fault.options);
      const draft = draftFor(place, fault.key);
      const good = fault.base ? draft : draftFor(place);
      const proof = fault.base?.(draft) ?? good.mint();
      expect(await server.send({ proof, token: good.token })).toMatchObject({ granted: true });
      server.spent.length = 0;

      const outcome = await server.send({ proof: fault.make(draft), token: draft.token });
      expect(outcome).toMatchObject({ granted: false, reason: fault.reason });
      expect(outcome.error).toMatchObject({ code: 'invalid_dpop_proof' });
      const algs = fault.options?.algorithms?.join(' ');
      expect(outcome.denial).toEqual(
        place.denial(fault.reason, algs === undefined ? {} : { algs }),
      );
      expect(outcome.denial?.status).toBe(place.status);
      expect(server.spent).toEqual([]);
    });
  });
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly requirements: string;
}

/** Rows with their whole test name; vitest cuts long `$name`s. */
export function titled<R extends Row>(
  rows: readonly R[],
  outcome: (row: R) => string,
): [title: string, row: R][] {
  return rows.map((row) => [`${row.id} ${row.name} → ${outcome(row)} [${row.requirements}]`, row]);
}

/** A row of a table of good proofs. */
export interface Acceptance extends Row {
  readonly make: (draft: Draft) => string;
  readonly key?: TestKey;
  readonly options?: ServerOptions;
}

/** Runs a table of good proofs against both servers; each gives the thumbprint of its key. */
export function describeAccepted(title: string, rows: readonly Acceptance[]): void {
  describe.each(PLACES)(`${title}, at the $name`, (place) => {
    it.each(titled(rows, () => 'accepted'))('%s', async (_title, { make, key, options }) => {
      const draft = draftFor(place, key);
      const proof = make(draft);
      const outcome = await place.create(options).send({ proof, token: draft.token });
      expect(outcome).toMatchObject({ granted: true, jkt: keyOf(proof), headers: [] });
    });
  });
}
