import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PROGRAMS, programOrSkip, startProgram, temporaryFolder } from '@keybound/test-kit';

/** Where HAProxy is; without it the tests that need it do not run, and a line says so. */
export const HAPROXY: string | undefined = programOrSkip(PROGRAMS.haproxy);

/**
 * Starts HAProxy in the foreground and in a folder of its own.
 *
 * @param port - the one it listens on, to know when it is ready
 * @param files - further files of its folder, by name
 */
export async function startHaproxy(
  sections: string,
  port: number,
  files: Readonly<Record<string, string>>,
): Promise<{ close(): Promise<void> }> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  const conf = [
    'global',
    `  crt-base ${folder.path}`,
    'defaults',
    '  mode http',
    '  timeout connect 5s',
    '  timeout client 30s',
    '  timeout server 30s',
    sections,
  ];
  writeFileSync(join(folder.path, 'haproxy.cfg'), `${conf.join('\n')}\n`);
  const program = await startProgram({
    command: HAPROXY ?? '',
    args: ['-f', join(folder.path, 'haproxy.cfg'), '-db'],
    isReady: () => accepts(port),
  });
  return {
    async close(): Promise<void> {
      await program.stop('SIGKILL');
      folder.remove();
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
