import type { Adapter, Answer } from '@keybound/dpop-vectors';
import { createAuthServerSessions } from './auth-server.ts';
import { createPackageAdapter } from './package-adapter.ts';

/** Our packages, called as functions; the authorization server is asked without a socket. */
export function createFunctionAdapter(): Adapter {
  const packages = createPackageAdapter();
  const authServers = createAuthServerSessions();
  return {
    name: packages.name,
    async answer(question): Promise<Answer> {
      const isForAuthServer = question.kind === 'as-setup' || question.kind === 'as-request';
      return isForAuthServer ? authServers.answer(question) : packages.answer(question);
    },
    async end(session) {
      await packages.end?.(session);
      await authServers.end(session);
    },
    close: () => authServers.close(),
  };
}
