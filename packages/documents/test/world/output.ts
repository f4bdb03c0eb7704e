import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@keybound/test-kit';

/** Where the log of a module goes. */
export interface Output {
  read(): string;
  /** Loggers that are made from now on write to standard output again. */
  restore(): void;
}

/** Sends what loggers write by the descriptor of standard output, as pino does, to a file. */
export function redirectOutput(): Output {
  const folder = temporaryFolder();
  const path = join(folder.path, 'output');
  const descriptor = openSync(path, 'a');
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'fd');
  Object.defineProperty(process.stdout, 'fd', { value: descriptor, configurable: true });
  return {
    read: () => readFileSync(path, 'utf8'),
    restore(): void {
      if (before === undefined) Reflect.deleteProperty(process.stdout, 'fd');
      else Object.defineProperty(process.stdout, 'fd', before);
      // The descriptor stays open until the process ends: a server that is closing may still write to it.
      folder.remove();
    },
  };
}
