import { LEFT_OUT } from './report.ts';

/**
 * Stands in for modules of Node that an engine does not have, or only by name: a test that calls one of
 * these is left out there, by the error that says so. Whoever adds an import to the tests adds it here.
 */
function absent(what: string): () => never {
  return () => {
    throw new Error(`${LEFT_OUT}${what}`);
  };
}

const FILES = 'reads files';
const SOCKETS = 'talks to a server of Node over a socket';
const PROCESSES = 'starts processes';

export const accessSync: () => never = absent(FILES);
export const mkdtempSync: () => never = absent(FILES);
export const readFileSync: () => never = absent(FILES);
export const rmSync: () => never = absent(FILES);
export const readdirSync: () => never = absent(FILES);
export const pathToFileURL: () => never = absent(FILES);
export const tmpdir: () => never = absent(FILES);
export const join: () => never = absent(FILES);
export const connect: () => never = absent(SOCKETS);
export const createServer: () => never = absent(SOCKETS);
export const spawn: () => never = absent(PROCESSES);
export const constants = {};
export const delimiter = ':';
