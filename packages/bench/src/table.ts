/** One call of what is measured; throws or rejects when it refuses. */
export type Operation = () => unknown;

/** Who does the work of a table. */
export interface Entrant {
  /** Name of the software, and what is particular about its configuration. */
  readonly name: string;
  /** The installed version of other people's software. */
  readonly version?: string;
  /** True of a limit: it looks at one signature and at nothing else. */
  readonly isBare?: true;
}

/** Something that does the work of a table. */
export interface Contender<Case> extends Entrant {
  /** Brings a case into the form this contender takes; not part of the measured time. */
  prepare(one: Case): Operation | Promise<Operation>;
}

/** What is compared with what, ready to be measured. */
export interface Table {
  /** Short and constant, for whoever looks for a figure. */
  readonly id: string;
  readonly title: string;
  /** In order; the first one is the limit all others are divided by. */
  readonly entrants: readonly Entrant[];
  /** The most operations that are worth their preparation in one round; left out, as many as fit. */
  readonly maxBatch?: number;
  /** @throws Error when a contender does not do the work it is to be measured for. */
  prove(): Promise<void>;
  /** New operations for one round: as many for each contender as asked for, in their order. */
  prepare(counts: readonly number[]): Promise<readonly (readonly Operation[])[]>;
}

/** A table over contenders that all take the same cases. */
export interface TableOptions<Case> {
  readonly id: string;
  readonly title: string;
  readonly limit: Contender<Case>;
  readonly contenders: readonly Contender<Case>[];
  readonly maxBatch?: number;
  /** Cases nobody has seen before, unless the table is about seeing one again. */
  createCase(): Case;
  /** @throws Error when the contender does not do its work. */
  prove(contender: Contender<Case>): Promise<void>;
}

/** All contenders of a round get the same cases, so that none is given easier ones. */
export function createTable<Case>(options: TableOptions<Case>): Table {
  const { id, title, limit, maxBatch, createCase } = options;
  const all = [limit, ...options.contenders];
  return {
    id,
    title,
    entrants: all,
    ...(maxBatch !== undefined && { maxBatch }),
    async prove(): Promise<void> {
      for (const contender of all) await options.prove(contender);
    },
    async prepare(counts): Promise<readonly (readonly Operation[])[]> {
      const cases = Array.from({ length: Math.max(...counts) }, createCase);
      const operations: (readonly Operation[])[] = [];
      for (const [i, contender] of all.entries()) {
        operations.push(await prepareAll(contender, cases.slice(0, counts[i])));
      }
      return operations;
    },
  };
}

/** One after the other, because preparing may be measured work too, with a cache to warm. */
export async function prepareAll<Case>(
  contender: Contender<Case>,
  cases: readonly Case[],
): Promise<readonly Operation[]> {
  const operations: Operation[] = [];
  for (const one of cases) operations.push(await contender.prepare(one));
  return operations;
}

/** How a contender is called where people read. */
export function formatEntrant({ name, version }: Entrant): string {
  return version === undefined ? name : `${name} ${version}`;
}
