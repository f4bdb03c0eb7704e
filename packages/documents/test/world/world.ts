import { inspect } from 'node:util';
import { vi } from 'vitest';
import { startAuthorizationServer } from './authorization-server.ts';
import { ENVIRONMENT } from './environment.ts';
import { createNetwork, type Network } from './network.ts';
import { type NotesApi, startNotesApi } from './notes-api.ts';
import { redirectOutput } from './output.ts';
import { createAlice, type Person } from './person.ts';
import { createTokenSource, type TokenSource } from './tokens.ts';

/** The issuer that the documents speak of. */
export const ISSUER = 'https://as.example';
/** The API that the documents speak of, which is the audience of tokens. */
export const API = 'https://api.example';
/** A page that is its own API: another audience. */
const APP = 'https://app.example';

/** Where the modules of the documents run. */
export interface World {
  /** Tokens of Alice: bound or not, JWT or opaque, by scope. */
  readonly tokenOf: TokenSource;
  /** Alice at her browser, who allows whatever a client asks for. */
  readonly alice: Person;
  /** The API that is there while the module starts none. */
  readonly api: Pick<NotesApi, 'answers'>;
  readonly network: Pick<Network, 'askedFor'>;
  /** What the module wrote to the console, a line for each call. */
  readonly printed: readonly string[];
  /** What a logger wrote to standard output so far. */
  logged(): string;
  /** Closes something when the block has ended, the last first. */
  onEnd(close: () => unknown): void;
}

/** The world, and how a block gets it. */
export interface RunningWorld {
  /**
   * Runs a block and its outcome; servers, console and environment are its own.
   *
   * @param serves - the origin of the first server that the block starts. @defaultValue the API
   */
  during(work: (world: World) => Promise<void>, serves?: string): Promise<void>;
  close(): Promise<void>;
}

const CONSOLE = ['debug', 'error', 'info', 'log', 'warn'] as const;

/** Starts the authorization server and the API of the documents; it takes seconds. */
export async function startWorld(): Promise<RunningWorld> {
  const authorizationServer = await startAuthorizationServer(ISSUER, [API, APP]);
  const notesApi = await startNotesApi(ISSUER, API);
  const always = { [ISSUER]: authorizationServer.port, [API]: notesApi.port };
  const network = createNetwork(always);
  const alice = createAlice();
  const tokenOf = createTokenSource(ISSUER, API, alice);

  return {
    async during(work, serves = API): Promise<void> {
      const { answers } = notesApi;
      answers.length = 0;
      const printed: string[] = [];
      const closing: (() => unknown)[] = [];
      const environment = { ...process.env };
      Object.assign(process.env, ENVIRONMENT);
      const spies = CONSOLE.map((name) =>
        vi.spyOn(console, name).mockImplementation((...values: unknown[]) => {
          printed.push(
            values.map((one) => (typeof one === 'string' ? one : inspect(one))).join(' '),
          );
        }),
      );
      const output = redirectOutput();
      network.begin(serves);
      const world: World = {
        tokenOf,
        alice,
        api: { answers },
        network,
        printed,
        logged: output.read,
        onEnd: (close) => closing.unshift(close),
      };
      try {
        await work(world);
      } finally {
        for (const close of closing) await close();
        await network.end();
        output.restore();
        for (const spy of spies) spy.mockRestore();
        // The object stays: what is set on another one never reaches the process.
        for (const name of Object.keys(process.env)) {
          if (!Object.hasOwn(environment, name)) Reflect.deleteProperty(process.env, name);
        }
        Object.assign(process.env, environment);
      }
    },
    async close(): Promise<void> {
      await Promise.all([authorizationServer.close(), notesApi.close()]);
    },
  };
}
