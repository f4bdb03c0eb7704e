import type { FastifyInstance } from 'fastify';
import { onStop } from './stop.ts';

/** Where a service listens. */
export interface ListenOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Starts a service and lets it finish its requests when it is asked to end, see {@link onStop}. A port
 * that is taken is one line and exit code 1.
 */
export async function serve(
  app: FastifyInstance,
  { name, host, port }: ListenOptions,
): Promise<void> {
  onStop(() => {
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });

  try {
    await app.listen({ host, port });
  } catch (error) {
    process.stderr.write(`${name}: ${listenFault(error, host, port)}\n`);
    process.exit(1);
  }
}

function listenFault(error: unknown, host: string, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is in use; set PORT to a free one`;
  if (code === 'EACCES') return `port ${port} needs more rights; set PORT to one above 1023`;
  return `cannot listen on ${host}:${port}: ${message}`;
}
