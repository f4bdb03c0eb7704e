import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock, NOW, type TestClock } from '../clock.ts';
import { ISSUER, mintProof } from '../mint.ts';
import { type TestRequest, testRequest } from '../request.ts';

/** A verifier of proofs for `POST https://as.example/token`; true when it accepted this one. */
type Verifier = (proof: string) => Promise<boolean>;

/** How old and how far ahead a proof may be. */
interface Window {
  readonly maxAgeSeconds: number;
  readonly maxFutureSeconds: number;
}

/** What is deployed: verifiers of the package under test over one store. */
export interface ContractDeployment<Preset extends string, Store> {
  readonly presets: Readonly<Record<Preset, Window>>;
  readonly createProofVerifier: (options: {
    readonly publicOrigin: string;
    readonly preset: Preset;
    readonly replay: Store;
    readonly clock: () => number;
  }) => { verify(request: TestRequest): Promise<unknown> };
  /** Makes an empty store; the clock is its own and the time of the world. */
  readonly createStore: (clock: TestClock) => Store | Promise<Store>;
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
  readonly instances: readonly Verifier[];
  readonly proofs: readonly string[];
  readonly window: Window;
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
 * The promise of the replay guard over a whole verifier, with every preset: whatever the times of proofs,
 * the clocks of instances and the passing of time, no proof is accepted twice. Call it at the top of a
 * test file.
 */
export function proofsOnceContract<Preset extends string, Store>(
  name: string,
  deployment: ContractDeployment<Preset, Store>,
  { skews, numRuns }: { readonly skews: Skews; readonly numRuns: number },
): void {
  const { presets, createProofVerifier, createStore } = deployment;
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

  /** Instances over one store, each with the clock of its machine. */
  async function start(
    preset: Preset,
    clock: TestClock,
    instanceClocks: readonly (() => number)[],
  ): Promise<readonly Verifier[]> {
    const replay = await createStore(clock);
    return instanceClocks.map((instanceClock) => {
      const verifier = createProofVerifier({
        publicOrigin: ISSUER,
        preset,
        replay,
        clock: instanceClock,
      });
      return (proof) =>
        verifier.verify(testRequest({ dpop: proof }, { method: 'POST', target: '/token' })).then(
          () => true,
          () => false,
        );
    });
  }

  describe.each(Object.keys(presets) as Preset[])(`proofs once, preset %s: ${name}`, (preset) => {
    it('any proofs, clocks and passing of time → no proof is accepted twice [DPOP-11.1-P2]', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60 }), async (plan) => {
          const clock = createTestClock(NOW - 60);
          const clocks = skews.map((skew) => () => clock() + skew);
          const instances = await start(preset, clock, clocks);
          await fc.asyncModelRun(
            () => ({
              model: { accepted: new Set<number>(), presented: new Set<number>() },
              real: { clock, instances, proofs, window: presets[preset] },
            }),
            plan,
          );
        }),
        { numRuns },
      );
    }, 120_000);

    it('50 parallel copies of one proof over all instances → accepted exactly once [DPOP-11.1-P2]', async () => {
      const clock = createTestClock();
      const instances = await start(preset, clock, Array(4).fill(clock));
      const [proof = ''] = proofs.slice(OFFSETS.indexOf(0));
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => instances[i % instances.length]?.(proof)),
      );
      expect(answers.filter((isAccepted) => isAccepted === true)).toHaveLength(1);
    });
  });
}
