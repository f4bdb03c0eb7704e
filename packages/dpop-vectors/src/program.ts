import { type ChildProcess, spawn } from 'node:child_process';

interface Listener {
  readonly onLine: (line: string) => void;
  /** Called once, when nothing more comes; the sentence says why. */
  readonly onEnd: (sentence: string) => void;
}

/** A running program that reads and writes lines. */
export interface Program {
  send(line: string): void;
  /** Ends its input, and resolves when it has ended: of itself within the grace, or killed after it. */
  end(graceMs: number): Promise<void>;
}

/** Starts a program without a shell; its standard error passes through. */
export function startProgram(
  command: string,
  args: readonly string[],
  { onLine, onEnd }: Listener,
): Program {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    const leave = (sentence: string): void => {
      resolve();
      onEnd(sentence);
    };
    child.once('close', (code, signal) => leave(`its process ended ${causeOf(code, signal)}`));
    child.once('error', ({ message }) => leave(`its process cannot be started: ${message}`));
  });
  // Writing to a program that has ended is no error of its own: onEnd has told of it.
  child.stdin.on('error', () => undefined);
  splitLines(child, onLine);
  return {
    send: (line) => {
      child.stdin.write(`${line}\n`);
    },
    end: async (graceMs) => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Lines end with a line feed and nothing else: JSON strings may contain other line separators. */
function splitLines({ stdout }: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  stdout?.setEncoding('utf8');
  stdout?.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

function causeOf(code: number | null, signal: string | null): string {
  return code === null ? `by the signal ${signal}` : `with the exit code ${code}`;
}
