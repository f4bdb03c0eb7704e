/** One call of what is measured; throws or rejects when it refuses. */
export type Operation = () => unknown;

/** Something that does the work of a table. */
export interface Contender<Case> {
  /** Name and, for other people's software, version. */
  readonly name: string;
  /** Brings a case into the form this contender takes; not part of the measured time. */
  prepare(one: Case): Operation;
}

/** What is compared with what, ready to be measured. */
export interface Table {
  readonly title: string;
  /** The contenders in order; the first one is the limit all others are divided by. */
  readonly names: readonly string[];
  /** @throws Error when a contender does not do the work it is to be measured for. */
  prove(): Promise<void>;
  /** New operations for one round: as many for each contender as asked for, in their order. */
  prepare(counts: readonly number[]): readonly (readonly Operation[])[];
}

/** A table over contenders that all take the same cases. */
export interface TableOptions<Case> {
  readonly title: string;
  readonly limit: Contender<Case>;
  readonly contenders: readonly Contender<Case>[];
  /** Cases nobody has seen before, unless the table is about seeing one again. */
  createCases(count: number): readonly Case[];
  /** @throws Error when the contender does not do its work. */
  prove(contender: Contender<Case>, isLimit: boolean): Promise<void>;
}

/** All contenders of a round get the same cases, so that none is given easier ones. */
export function createTable<Case>(options: TableOptions<Case>): Table {
  const { title, limit, createCases } = options;
  const all = [limit, ...options.contenders];
  return {
    title,
    names: all.map(({ name }) => name),
    async prove(): Promise<void> {
      for (const contender of all) await options.prove(contender, contender === limit);
    },
    prepare(counts): readonly (readonly Operation[])[] {
      const cases = createCases(Math.max(...counts));
      return all.map((contender, i) =>
        cases.slice(0, counts[i]).map((one) => contender.prepare(one)),
      );
    },
  };
}
