/** A process of its own for one server; the number of its contender is the argument. It ends with its parent. */
import { performance } from 'node:perf_hooks';
import fastify from 'fastify';
import { TARGET } from '../requests.ts';
import { CONTENDERS } from './contenders.ts';
import type { ServerMessage, Usage } from './server-process.ts';

process.on('disconnect', () => process.exit());

const contender = CONTENDERS[Number(process.argv[2])];
if (contender === undefined) throw new Error('no such contender');
const app = fastify({ logger: false });
await contender.protect(app);
app.get(TARGET, async () => ({ subject: 'alice' }));
await app.listen({ host: '127.0.0.1', port: 0 });

process.on('message', () => send({ usage: readUsage() }));
send({ port: port() });

function send(message: ServerMessage): void {
  process.send?.(message);
}

function port(): number {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}

function readUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, loopSeconds: activeSeconds() };
}

function activeSeconds(): number {
  return performance.eventLoopUtilization().active / 1000;
}
