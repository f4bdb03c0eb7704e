import type { Adapter, Answer, Decision, Question } from '@keybound/dpop-vectors';
import { type AuthorizationServer, createAuthorizationServer } from './as/authorization-server.ts';
import { Fault, Refusal, refusing } from './fault.ts';
import { atEndpoint, parseHttp } from './http.ts';
import { publicKey } from './key.ts';
import { createResourceServer, type ResourceServer } from './resource-server.ts';
import type { SwitchName } from './switches.ts';
import { requiredMembers, thumbprint, tokenHash } from './thumbprint.ts';
import { verifyToken } from './token.ts';

/**
 * A plain verifier that shares no code with our packages. Unswitched, it is right about every vector; each
 * switch leaves out or spoils one check of it.
 */
export function createReferenceAdapter(thrown: readonly SwitchName[] = []): Adapter {
  const switches: ReadonlySet<SwitchName> = new Set(thrown);
  const resourceServers = new Map<string, ResourceServer>();
  const authorizationServers = new Map<string, AuthorizationServer>();

  function resourceServerOf({
    session,
    config,
  }: Extract<Question, { kind: 'rs-request' }>): ResourceServer {
    const server = resourceServers.get(session) ?? createResourceServer(config, switches);
    resourceServers.set(session, server);
    return server;
  }

  function authorizationServerOf(session: string): AuthorizationServer {
    const server = authorizationServers.get(session);
    if (server === undefined) throw new Error('asked before it was made ready');
    return server;
  }

  return {
    name: thrown.length === 0 ? 'reference' : `reference, ${thrown.join(', ')}`,
    async answer(question): Promise<Answer> {
      switch (question.kind) {
        case 'rs-request': {
          const { config, request, clock } = question;
          return await resourceServerOf(question).decide(config, request, clock);
        }
        case 'as-setup': {
          const server = createAuthorizationServer(question.config, question.state, switches);
          authorizationServers.set(question.session, server);
          return { values: server.values };
        }
        case 'as-request': {
          const { session, config, request, clock } = question;
          return await authorizationServerOf(session).answer(config, request, clock);
        }
        case 'token': {
          const { token, config, clock } = question;
          return decided(() =>
            refusing('invalid_token', () => verifyToken(token, config, clock, switches)),
          );
        }
        case 'thumbprint':
          return hashOf(question);
        case 'raw-request':
          return await answerRaw(question);
        case 'signer':
          return { skip: 'it verifies and does not sign' };
      }
    },
    end(session) {
      resourceServers.delete(session);
      authorizationServers.delete(session);
    },
  };

  async function answerRaw(question: Extract<Question, { kind: 'raw-request' }>): Promise<Answer> {
    const { config, clock, session, raw, peerAddress = '127.0.0.1' } = question;
    try {
      const request = parseHttp(raw, switches);
      return config.server === 'rs'
        ? await createResourceServer(config, switches).decide(
            config,
            { ...request, peerAddress },
            clock,
          )
        : await authorizationServerOf(session).answer(config, atEndpoint(config, request), clock);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { decision: 'reject', error: error.code, status: error.status ?? 400, fields: [] };
    }
  }

  function hashOf({ input }: Extract<Question, { kind: 'thumbprint' }>): Answer {
    if (input.operation === 'ath') return { output: tokenHash(input.token) };
    const { jwk } = input;
    try {
      publicKey(jwk, switches);
    } catch (error) {
      if (error instanceof Fault) return { decision: 'reject', detail: error.message };
      throw error;
    }
    const members = switches.has('thumbprint-of-all-members') ? jwk : requiredMembers(jwk);
    return { output: thumbprint(members, switches) };
  }
}

function decided(check: () => unknown): Decision {
  try {
    check();
    return { decision: 'accept' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { decision: 'reject', error: error.code, detail: error.message };
  }
}
