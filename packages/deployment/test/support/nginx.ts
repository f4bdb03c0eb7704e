import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  PROGRAMS,
  programOrSkip,
  type RunningProgram,
  startProgram,
  temporaryFolder,
} from '@keybound/test-kit';

/** Where nginx is; without it the tests that need it do not run, and a line says so. */
export const NGINX: string | undefined = programOrSkip(PROGRAMS.nginx);

/** A running nginx. */
export interface Nginx {
  readonly program: RunningProgram;
  close(): Promise<void>;
}

/**
 * Starts nginx with what stands in its `http` block, in the foreground and in a folder of its own.
 *
 * @param port - one it listens on, to know when it is ready
 * @param files - further files of its folder, by name, such as certificates
 */
export async function startNginx(
  http: string,
  port: number,
  files: Readonly<Record<string, string>> = {},
): Promise<Nginx> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = [
    // As root, workers would become another user, who may not write into the folder.
    process.getuid?.() === 0 ? 'user root;' : '',
    'worker_processes 1;',
    'daemon off;',
    'pid nginx.pid;',
    'error_log stderr warn;',
    'events { worker_connections 1024; }',
    'http {',
    'access_log off;',
    ...places.map((place) => `${place}_temp_path temp_${place};`),
    http,
    '}',
  ];
  writeFileSync(join(folder.path, 'nginx.conf'), conf.join('\n'));
  const program = await startProgram({
    command: NGINX ?? '',
    args: ['-p', folder.path, '-c', 'nginx.conf', '-e', 'stderr'],
    isReady: () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        // Something that is no plain HTTP, such as TLS, listens as well.
        (error) => error.cause?.code !== 'ECONNREFUSED',
      ),
  });
  return {
    program,
    async close(): Promise<void> {
      await program.stop();
      folder.remove();
    },
  };
}
