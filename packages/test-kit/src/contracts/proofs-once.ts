import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock, NOW, type TestClock } from '../clock.ts';
import { ISSUER, mintProof } from '../mint.ts';

/** A verifier of proofs for `POST https://as.example/token`; true when it accepted this one. */
export type ContractVerifier = (proof: string) => Promise<boolean>;

/** What is deployed: instances that share one store, each with the clock of its machine. */
export interface ContractDeployment {
  /** The window of every instance. */
  readonly maxAgeSeconds: number;
  readonly maxFutureSeconds: number;
  /**
   * Starts the instances. The store goes by the first argument, which is also the time of the world;
   * instances go by clocks of their own.
   */
  start(
    clock: TestClock,
    instanceClocks: readonly (() => number)[],
  ): Promise<readonly ContractVerifier[]>;
}

/** Seconds between the clocks of the instances and that of the world; the first is right. */
export type Skews = readonly [0, ...number[]];

/** Instants of `iat` from NOW: the edges of every preset, and fractions beside them. */
const OFFSETS = [
  -300, -299.5, -61, -60, -59.5, -1, 0, 0.25, 29.999, 30, 31, 60, 61.5, 90, 120, 300, 301, 599.75,
];

interface Model {
  readonly accepted: Set<number>;
  readonly presented: Set<number>;
}

interface Real {
  readonly clock: TestClock;
  readonly instances: readonly ContractVerifier[];
  readonly proofs: readonly string[];
  readonly window: Pick<ContractDeployment, 'maxAgeSeconds' | 'maxFutureSeconds'>;
}

class Present implements fc.AsyncCommand<Model, Real> {
  readonly proof: number;
  readonly instance: number;
  constructor(proof: number, instance: number) {
    this.proof = proof;
    this.instance = instance;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, { clock, instances, proofs, window }: Real): Promise<void> {
    const age = clock() - (NOW + (OFFSETS[this.proof] ?? 0));
    const isUsable = age <= window.maxAgeSeconds && -age <= window.maxFutureSeconds;
    const isAccepted = await instances[this.instance]?.(proofs[this.proof] ?? '');
    // The model forgets nothing: what was accepted once must never be accepted again.
    if (model.accepted.has(this.proof)) expect(isAccepted).toBe(false);
    // And a guard that accepts nothing is none: the instance whose clock is right takes what is new.
    else if (this.instance === 0 && isUsable && !model.presented.has(this.proof)) {
      expect(isAccepted).toBe(true);
    }
    model.presented.add(this.proof);
    if (isAccepted) model.accepted.add(this.proof);
  }
  toString(): string {
    return `proof ${OFFSETS[this.proof]} to instance ${this.instance}`;
  }
}

class Pass implements fc.AsyncCommand<Model, Real> {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  check(): boolean {
    return true;
  }
  async run(_model: Model, { clock }: Real): Promise<void> {
    clock.advance(this.seconds);
  }
  toString(): string {
    return `pass ${this.seconds} s`;
  }
}

/**
 * The promise of the replay guard over a whole verifier: whatever the times of proofs, the clocks of
 * instances and the passing of time, no proof is accepted twice. Call it at the top of a test file.
 */
export function proofsOnceContract(
  name: string,
  deployment: ContractDeployment,
  { skews, numRuns }: { readonly skews: Skews; readonly numRuns: number },
): void {
  const proofs = OFFSETS.map((offset) =>
    mintProof({ claims: { htm: 'POST', htu: `${ISSUER}/token`, iat: NOW + offset } }),
  );
  const commands = [
    fc
      .tuple(
        fc.integer({ min: 0, max: OFFSETS.length - 1 }),
        fc.integer({ min: 0, max: skews.length - 1 }),
      )
      .map(([proof, instance]) => new Present(proof, instance)),
    fc
      .oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 2, noNaN: true }))
      .map((seconds) => new Pass(seconds)),
  ];

  describe(`proofs once: ${name}`, () => {
    it('any proofs, clocks and passing of time → no proof is accepted twice [DPOP-11.1-P2]', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60 }), async (plan) => {
          const clock = createTestClock(NOW - 60);
          const clocks = skews.map((skew) => () => clock() + skew);
          const instances = await deployment.start(clock, clocks);
          await fc.asyncModelRun(
            () => ({
              model: { accepted: new Set<number>(), presented: new Set<number>() },
              real: { clock, instances, proofs, window: deployment },
            }),
            plan,
          );
        }),
        { numRuns },
      );
    }, 120_000);

    it('50 parallel copies of one proof over all instances → accepted exactly once [DPOP-11.1-P2]', async () => {
      const clock = createTestClock();
      const instances = await deployment.start(clock, Array(4).fill(clock));
      const [proof = ''] = proofs.slice(OFFSETS.indexOf(0));
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => instances[i % instances.length]?.(proof)),
      );
      expect(answers.filter((isAccepted) => isAccepted === true)).toHaveLength(1);
    });
  });
}
