import type { Answer, AsConfig, Question } from '@keybound/dpop-vectors';
import { createDatabasePool } from './auth-server/database-pool.ts';
import { type RunningAuthServer, startAuthServer } from './auth-server/running-auth-server.ts';

/** Authorization servers of the demonstration, one for each session. */
export interface AuthServerSessions {
  answer(question: Question): Promise<Answer>;
  end(session: string): Promise<void>;
  close(): Promise<void>;
}

export interface AuthServerSessionsOptions {
  /** Whether requests go over sockets, and bytes can be sent at all. @defaultValue false */
  readonly listen?: boolean;
}

/** Answers what is asked of authorization servers. */
export function createAuthServerSessions({
  listen = false,
}: AuthServerSessionsOptions = {}): AuthServerSessions {
  const databases = createDatabasePool();
  const servers = new Map<string, RunningAuthServer>();

  function serverOf({ session, clock }: Question, { nonce }: Pick<AsConfig, 'nonce'>) {
    const server = servers.get(session);
    if (server === undefined) throw new Error(`${session}: no server was made ready`);
    server.moment.now = clock;
    server.moment.nonce = nonce;
    return server;
  }

  async function end(session: string): Promise<void> {
    const server = servers.get(session);
    servers.delete(session);
    await server?.close();
  }

  return {
    async answer(question): Promise<Answer> {
      switch (question.kind) {
        case 'as-setup': {
          const { session, config, state } = question;
          await end(session);
          const server = await startAuthServer({ config, state, databases, listen });
          if ('skip' in server) return server;
          servers.set(session, server);
          return { values: server.values };
        }
        case 'as-request':
          return serverOf(question, question.config).decide(question.request);
        case 'raw-request':
          if (question.config.server !== 'as') break;
          return serverOf(question, question.config).exchange(question.raw);
      }
      throw new Error(`${question.kind}: not asked of an authorization server`);
    },
    end,
    async close() {
      await Promise.all([...servers.keys()].map(end));
      await databases.close();
    },
  };
}
