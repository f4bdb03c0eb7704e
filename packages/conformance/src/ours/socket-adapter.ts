import type { Adapter, Answer, Question, RequestVector, RsConfig } from '@keybound/dpop-vectors';
import { exchange } from '@keybound/dpop-vectors';
import { decisionOf } from './answers.ts';
import { createAuthServerSessions } from './auth-server.ts';
import { type RunningResourceServer, startResourceServer } from './running-resource-server.ts';

/**
 * Our servers, running: every request goes over a socket as bytes. Only groups that are about the wire or
 * about what a server remembers are asked, the others are for {@link createFunctionAdapter}.
 */
export function createSocketAdapter(): Adapter {
  const resources = new Map<string, Promise<RunningResourceServer>>();
  const authServers = createAuthServerSessions({ listen: true });

  async function serverOf(
    { session, clock }: Pick<Question, 'session' | 'clock'>,
    config: RsConfig,
  ): Promise<RunningResourceServer> {
    let starting = resources.get(session);
    if (starting === undefined) {
      starting = startResourceServer(config);
      resources.set(session, starting);
    }
    const server = await starting;
    server.moment.now = clock;
    server.moment.nonce = config.nonce;
    return server;
  }

  async function send(port: number, raw: string): Promise<Answer> {
    const { status, fields, body } = await exchange({ host: '127.0.0.1', port, raw });
    return decisionOf(status, fields, body);
  }

  return {
    name: 'keybound over sockets',
    async answer(question): Promise<Answer> {
      switch (question.kind) {
        case 'rs-request': {
          const { config, request } = question;
          if (question.type !== 'Sequence') return { skip: 'asked at function level' };
          return send((await serverOf(question, config)).port, rawRequest(config, request));
        }
        case 'raw-request': {
          const { config, raw } = question;
          if (config.server === 'as') return authServers.answer(question);
          return send((await serverOf(question, config)).port, raw);
        }
        case 'as-setup':
        case 'as-request':
          return question.type === 'Sequence' || question.type === 'RawHttp'
            ? authServers.answer(question)
            : { skip: 'asked at function level' };
        default:
          return { skip: 'asked at function level' };
      }
    },
    async end(session) {
      const server = await resources.get(session);
      resources.delete(session);
      await server?.close();
      await authServers.end(session);
    },
    close: () => authServers.close(),
  };
}

function rawRequest(
  { origin }: RsConfig,
  { method, target, fields, body = '' }: RequestVector,
): string {
  const named = new Set(fields.map(([name]) => name.toLowerCase()));
  const lines = [`${method} ${target} HTTP/1.1`];
  if (!named.has('host')) lines.push(`Host: ${new URL(origin).host}`);
  for (const [name, value] of fields) lines.push(`${name}: ${value}`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`;
}
