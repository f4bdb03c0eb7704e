import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { deleteUnusedClients } from './clients/registered-clients.ts';
import type { ServerContext } from './context.ts';
import { deleteExpired } from './database/cleaning.ts';
import { outageOf } from './database/outage.ts';
import { withoutQuery } from './database/query-fault.ts';

const INTERVAL_MS = 60_000;

/** Once a minute, while the server runs: rotates keys that are due and deletes what has expired. */
export function startMaintenance(app: FastifyInstance, context: ServerContext): void {
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  app.addHook('onReady', async () => {
    timer = setInterval(() => {
      running = running.then(() => maintain(context, app.log));
    }, INTERVAL_MS).unref();
  });
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await running;
  });
}

/** One round of maintenance. A fault is logged, keeps no other task from running, and is tried again. */
export async function maintain(context: ServerContext, log: FastifyBaseLogger): Promise<void> {
  const { db, clock, keys } = context;
  await attempt(log, () => keys.rotateIfDue());
  await attempt(log, async () => {
    const rows = await deleteExpired(db, clock());
    const clients = await deleteUnusedClients(db, clock());
    if (rows + clients > 0) log.info({ rows, clients }, 'expired rows deleted');
  });
}

async function attempt(log: FastifyBaseLogger, task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    const outage = outageOf(error);
    log.error(
      { err: outage ?? withoutQuery(error) },
      outage ? 'the database is not available' : 'maintenance failed',
    );
  }
}
