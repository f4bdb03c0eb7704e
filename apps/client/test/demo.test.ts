import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AUTH_REASONS } from '@keybound/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cell, Report } from '../src/comparison/compare.ts';
import { close, freePortBase, occupy } from './support/free-port.ts';

interface Demo {
  readonly process: ChildProcess;
  readonly output: () => { out: string; err: string };
  /** Resolves when standard error contains a text. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<number | null>;
}

function startDemo(...argv: string[]): Demo {
  const script = fileURLToPath(new URL('../src/demo.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@keybound/source', script, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What a shell may have set for something else is not meant for the demo.
    env: { ...process.env, npm_lifecycle_event: undefined, API_KEY: 'x', CLIENTS_FILE: '/none' },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code);
  return {
    process: child,
    output: () => ({ out, err }),
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (err.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        ended.then(() => reject(new Error(`ended without saying ${text}: ${err}`)));
        look();
      }),
  };
}

/** An OAuth error code stands for several checks; the sentence tells which one it was. */
function outcome({ status, reason, sentence }: Cell): string {
  if (reason === undefined) return `${status} served`;
  return reason in AUTH_REASONS ? `${status} ${reason}` : `${status} ${reason}: ${sentence}`;
}

// Embedded PostgreSQL starts and a token reaches its end in each of these.
describe('npm run demo', { timeout: 180_000 }, () => {
  it('--once --json → every cell as it must be, JSON alone on standard output, exit code 0', async () => {
    const demo = startDemo('--once', '--json', '--port-base', String(await freePortBase()));
    expect(await demo.ended, demo.output().err).toBe(0);
    const report: Report = JSON.parse(demo.output().out);
    expect(report.asExpected).toBe(true);
    const cells = report.rows.flatMap(({ id, cells }) =>
      cells.map((cell) => `${id} · ${cell.lane} → ${outcome(cell)}`),
    );
    expect(cells).toMatchSnapshot();
    expect(report.costs.map(({ lane, firstRoundTrips }) => [lane, firstRoundTrips])).toEqual([
      ['api-key', 1],
      ['opaque-bearer', 1],
      ['jwt-bearer', 1],
      ['dpop', 1],
      ['dpop-nonce', 2],
    ]);
  });

  it('without --once → the table as plain text into a pipe, the servers stay up; SIGINT ends all three', async () => {
    const base = await freePortBase();
    const demo = startDemo('--port-base', String(base));
    await demo.says('Ctrl-C ends them');
    for (const port of [base, base + 1, base + 2]) {
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    }
    const page = await fetch(`http://127.0.0.1:${base + 2}/report`);
    expect(await page.text()).toContain('Every cell is as it must be.');
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    const { out } = demo.output();
    expect(out).toMatch(
      /token from a log line +200 STOLEN +200 STOLEN +200 STOLEN +401 key_mismatch/,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colour codes it must not have
    expect(out).not.toMatch(/\x1b/);
    for (const port of [base, base + 1, base + 2]) await close(await occupy(port));
  });

  it('SIGINT while the scenarios run ends all three without a word of failure', async () => {
    const base = await freePortBase();
    const demo = startDemo('--port-base', String(base));
    await demo.says('timing');
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(demo.output().err).not.toMatch(/fail|Error/);
    for (const port of [base, base + 1, base + 2]) await close(await occupy(port));
  });

  it('busy ports are reported by name → exit code 1, nothing started', async () => {
    const base = await freePortBase();
    const held = await occupy(base + 1);
    onTestFinished(() => close(held));
    const demo = startDemo('--once', '--port-base', String(base));
    expect(await demo.ended).toBe(1);
    expect(demo.output().err).toBe(
      `port ${base + 1} for resource-server is in use\nFree it, or choose other ports with --port-base N.\n`,
    );
  });

  it.each([
    [['--port-base', 'x'], '--port-base: must be a number from 1 to 65533'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('%j → exit code 2 and the usage', async (argv, sentence) => {
    const demo = startDemo(...argv);
    expect(await demo.ended).toBe(2);
    expect(demo.output().err).toContain(sentence);
    expect(demo.output().err).toContain('Usage: npm run demo');
  });
});
