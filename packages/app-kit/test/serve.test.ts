import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('support/service-process.ts', import.meta.url));

function startService(port: number): { child: ChildProcess; errors: () => string } {
  const child = fork(SCRIPT, [String(port)], {
    execArgv: ['--conditions=@keybound/source'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return { child, errors: () => errors };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = await once(child.stdout ?? child, 'data');
  return JSON.parse(String(line)).port;
}

it.each([
  ['SIGINT', (child: ChildProcess) => child.kill('SIGINT')],
  ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ['the end of the process that started it', (child: ChildProcess) => child.disconnect()],
])('%s ends the service with exit code 0', async (_name, end) => {
  const { child } = startService(0);
  const port = await portOf(child);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  end(child);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

it('a port that is taken → one line that names it, exit code 1', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  const { child, errors } = startService(port);
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(errors()).toBe(
    `test-service: port ${port} on 127.0.0.1 is in use; set PORT to a free one\n`,
  );
});
