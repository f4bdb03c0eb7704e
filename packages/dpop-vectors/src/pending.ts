import { messageOf, quoted } from './words.ts';

type Line = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (answer: Line) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions under way to a process, and the lines that answer them in whatever order. */
export class Pending {
  readonly #waiting = new Map<string, Waiting>();
  /** Answers to these come too late to count. */
  readonly #abandoned = new Set<string>();
  /** Nonsense that came while nothing was asked; told with the next question. */
  #nonsense: Error | undefined;
  #end: Error | undefined;

  /** Waits for the line with this id, so long and no longer. */
  answer(id: string, timeoutMs: number): Promise<Line> {
    const fault = this.#end ?? this.#nonsense;
    this.#nonsense = undefined;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#abandon(id, new Error(`it gave no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      if (fault !== undefined) this.#abandon(id, fault);
    });
  }

  /** Takes a line of the process. One that answers no question fails all that are under way. */
  take(text: string): void {
    const line = parsed(text);
    if (typeof line === 'string') {
      this.#disturb(`it wrote ${quoted(text)}, which is ${line}`);
      return;
    }
    const { id, ...answer } = line;
    const waiting = typeof id === 'string' ? this.#waiting.get(id) : undefined;
    if (waiting !== undefined && typeof id === 'string') {
      clearTimeout(waiting.timer);
      this.#waiting.delete(id);
      waiting.resolve(answer);
    } else if (typeof id !== 'string' || !this.#abandoned.delete(id)) {
      this.#disturb(`it answered to the id ${quoted(id)}, which is no question under way`);
    }
  }

  /** No answer comes any more, to these questions nor to later ones. */
  close(sentence: string): void {
    this.#end = new Error(sentence);
    this.#failAll(this.#end);
  }

  #failAll(error: Error): void {
    for (const id of [...this.#waiting.keys()]) this.#abandon(id, error);
  }

  #disturb(sentence: string): void {
    const error = new Error(sentence);
    if (this.#waiting.size === 0) this.#nonsense ??= error;
    this.#failAll(error);
  }

  #abandon(id: string, error: Error): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.#abandoned.add(id);
    waiting.reject(error);
  }
}

/** The JSON object of a line, or what the line is instead. */
function parsed(text: string): Line | string {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Line) : 'no JSON object';
  } catch (error) {
    return `not JSON (${messageOf(error)})`;
  }
}
