/** What the store uses of a client of the package `ioredis`, or of its `Cluster`. */
export interface IoredisClient {
  /** EVALSHA: runs a script the server knows by its SHA-1. */
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** EVAL: runs a script, and makes it known to the server. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** INFO: one section of what the server says of itself. */
  info(section: string): Promise<string>;
}

/** What the store uses of a client of the package `redis`, or of its cluster, which has no `info`. */
export interface NodeRedisClient {
  /** EVALSHA: runs a script the server knows by its SHA-1. */
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** EVAL: runs a script, and makes it known to the server. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** INFO: one section of what the server says of itself. */
  info?(section: string): Promise<unknown>;
}

/** A connected client, made and closed by whoever passes it. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** A script as text and under the name by which a server that has run it knows it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** The commands of the store, the same for every client. */
export interface Commands {
  /** EVALSHA, which fails with NOSCRIPT on a server that has not run the script since it started. */
  evalSha(script: Script, keys: string[], args: string[]): Promise<unknown>;
  eval(script: Script, keys: string[], args: string[]): Promise<unknown>;
  /** A section of INFO, or an empty text where a client does not offer it. */
  info(section: string): Promise<string>;
}

/** @throws TypeError when the client is of neither kind. */
export function commandsOf(client: RedisClient): Commands {
  if (typeof client !== 'object' || client === null || typeof client.eval !== 'function') {
    throw new TypeError('client: give a client of ioredis or redis');
  }
  if ('evalsha' in client && typeof client.evalsha === 'function') {
    return {
      evalSha: ({ sha }, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
      eval: ({ text }, keys, args) => client.eval(text, keys.length, ...keys, ...args),
      info: (section) => client.info(section),
    };
  }
  if ('evalSha' in client && typeof client.evalSha === 'function') {
    return {
      evalSha: ({ sha }, keys, args) => client.evalSha(sha, { keys, arguments: args }),
      eval: ({ text }, keys, args) => client.eval(text, { keys, arguments: args }),
      info: async (section) => String((await client.info?.(section)) ?? ''),
    };
  }
  throw new TypeError('client: give a client of ioredis or redis');
}

/** Whether a server answered that it does not know a script. */
export function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
