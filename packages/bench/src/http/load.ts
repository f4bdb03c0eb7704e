import { type Connection, type HttpResponse, openConnection } from './connection.ts';

/** What the client saw while a server answered. */
export interface LoadResult {
  readonly seconds: number;
  /** From sending a request to having its whole response, in milliseconds, in the order of requests. */
  readonly latencies: Float64Array;
  /** Time of the load generator on all of its threads. */
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

export async function openClient(port: number, count: number): Promise<Client> {
  let report: (error: Error) => void = () => {};
  const connections = await Promise.all(
    Array.from({ length: count }, () => openConnection(port, (error) => report(error))),
  );

  return {
    run: (requests) =>
      new Promise((resolve, reject) => {
        report = reject;
        sendAll(connections, requests, resolve, reject);
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
  resolve: (result: LoadResult) => void,
  reject: (error: Error) => void,
): void {
  const latencies = new Float64Array(requests.length);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let next = 0;
  let answered = 0;

  function finish(): void {
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    resolve({ seconds, latencies, cpuSeconds: (user + system) / 1e6 });
  }

  function sendNext(connection: Connection): void {
    const i = next++;
    const request = requests[i];
    if (request === undefined) return;
    const sentAt = performance.now();
    connection.send(request, (response) => {
      latencies[i] = performance.now() - sentAt;
      if (response.status !== 200) return reject(unexpected(response));
      answered++;
      if (answered === requests.length) finish();
      else sendNext(connection);
    });
  }

  for (const connection of connections) sendNext(connection);
}

function unexpected({ status, text }: HttpResponse): Error {
  return new Error(`status ${status} instead of 200:\n${text}`);
}
