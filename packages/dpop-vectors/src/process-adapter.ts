import { Pending } from './pending.ts';
import { startProgram } from './program.ts';
import type { Adapter, Answer } from './questions.ts';
import { quoted } from './words.ts';

/** How a program that speaks the protocol is started. */
export interface ProcessOptions {
  /** The program; no shell is in between. */
  readonly command: string;
  /** What the program is started with. @defaultValue nothing */
  readonly args?: readonly string[];
  /** How long the program may take to start and to answer `hello`. @defaultValue 30000 */
  readonly startMs?: number;
  /** How long a question may take. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /** How long the program may take to end after its input has ended. @defaultValue 2000 */
  readonly graceMs?: number;
}

/**
 * Starts a program that speaks the protocol, one JSON object a line: questions on its standard input,
 * answers with the `id` of their question on its standard output. What it writes to its standard error
 * passes through.
 *
 * @throws Error when it cannot be started, or does not answer `hello` with its name.
 */
export async function startProcessAdapter(options: ProcessOptions): Promise<Adapter> {
  const { command, args = [] } = options;
  const { startMs = 30_000, timeoutMs = 10_000, graceMs = 2_000 } = options;
  const pending = new Pending();
  const program = startProgram(command, args, {
    onLine: (line) => pending.take(line),
    onEnd: (sentence) => pending.close(sentence),
  });

  const tell = (line: object): void => program.send(JSON.stringify(line));
  const ask = async (id: string, question: object, limitMs: number): Promise<object> => {
    const answer = pending.answer(id, limitMs);
    tell(question);
    return await answer;
  };

  try {
    const hello = await ask('hello', { kind: 'hello', id: 'hello' }, startMs);
    return {
      ...introduction(hello),
      answer: async (question) => (await ask(question.id, question, timeoutMs)) as Answer,
      end: (session) => tell({ kind: 'end', session }),
      close: () => program.end(graceMs),
    };
  } catch (error) {
    await program.end(graceMs);
    throw error;
  }
}

function introduction(hello: object): Pick<Adapter, 'name' | 'version'> {
  const { name, version } = hello as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || !(version === undefined || typeof version === 'string')) {
    throw new Error(
      `it must answer hello with its name and version, and answered ${quoted(hello)}`,
    );
  }
  return { name, ...(version === undefined ? {} : { version }) };
}
