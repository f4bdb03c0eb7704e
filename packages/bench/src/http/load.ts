import { type Connection, type HttpResponse, openConnection } from './connection.ts';

/** What the client saw while a server answered. */
export interface LoadResult {
  readonly seconds: number;
  /** From sending a request to having its whole response, in milliseconds, in the order of requests. */
  readonly latencies: Float64Array;
  /** Time of the load generator on all of its threads; NaN when it never sleeps. */
  readonly cpuSeconds: number;
}

/** Open connections to one server. */
export interface Client {
  /**
   * Sends all requests, each connection the next one when it has its response.
   *
   * @throws Error at the first response that is not 200.
   */
  run(requests: readonly Buffer[]): Promise<LoadResult>;
  /** Sends one request. */
  ask(request: Buffer): Promise<HttpResponse>;
  close(): Promise<void>;
}

/**
 * @param isAwake - never sleeps while it waits for an answer. Waking a process on another core takes the
 * one that answers several microseconds, more than what is measured where no signature is checked; but
 * it takes a core, which is no good where the server has threads for it
 */
export async function openClient(port: number, count: number, isAwake: boolean): Promise<Client> {
  let report: (error: Error) => void = () => {};
  const connections = await Promise.all(
    Array.from({ length: count }, () => openConnection(port, (error) => report(error))),
  );

  return {
    run: (requests) =>
      new Promise((resolve, reject) => {
        report = reject;
        sendAll(connections, requests, isAwake, resolve, reject);
      }),
    ask: (request) =>
      new Promise((resolve, reject) => {
        report = reject;
        connections[0]?.send(request, resolve);
      }),
    async close(): Promise<void> {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

function sendAll(
  connections: readonly Connection[],
  requests: readonly Buffer[],
  isAwake: boolean,
  resolve: (result: LoadResult) => void,
  reject: (error: Error) => void,
): void {
  const latencies = new Float64Array(requests.length);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let next = 0;
  let answered = 0;
  let isOver = false;

  function finish(): void {
    isOver = true;
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuSeconds = isAwake ? Number.NaN : (user + system) / 1e6;
    resolve({ seconds, latencies, cpuSeconds });
  }

  function sendNext(connection: Connection): void {
    const i = next++;
    const request = requests[i];
    if (request === undefined) return;
    const sentAt = performance.now();
    connection.send(request, (response) => {
      latencies[i] = performance.now() - sentAt;
      if (response.status !== 200) {
        isOver = true;
        return reject(unexpected(response));
      }
      answered++;
      if (answered === requests.length) finish();
      else sendNext(connection);
    });
  }

  /** Keeps the event loop turning, so that it asks for events instead of waiting for them. */
  function stayAwake(): void {
    if (!isOver) setImmediate(stayAwake);
  }

  if (isAwake) stayAwake();
  for (const connection of connections) sendNext(connection);
}

function unexpected({ status, text }: HttpResponse): Error {
  return new Error(`status ${status} instead of 200:\n${text}`);
}
