import { type Authenticator, createForwardAuth, type ForwardAuthOptions } from '@keybound/core';
import type { TargetUriOptions } from '@keybound/dpop';
import keybound, { createTrustedProxies } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';

/** What stands between clients and this server. */
export interface ProxyOptions {
  /** More origins than the public one. @defaultValue none */
  readonly furtherOrigins?: readonly string[];
  /** The path a proxy strips. @defaultValue none */
  readonly mountPrefix?: string;
  /** Addresses and networks of proxies. @defaultValue none, and no forwarded field is believed */
  readonly trustedProxies?: readonly string[];
  /** Where the proxies tell the host. @defaultValue 'x-forwarded' */
  readonly forwarded?: 'x-forwarded' | 'forwarded';
  /** Where they tell method and URI when they ask at `/forward-auth`. @defaultValue 'off', no such place */
  readonly forwardAuth?: ForwardAuthOptions['fields'] | 'off';
  /** Says in the log why a proof was not for this server's target; for development. @defaultValue false */
  readonly explainsTargets?: boolean;
}

/** How the outside world addresses the server, for its verifiers of proofs. */
export function targetOptions(
  app: FastifyInstance,
  publicOrigin: string,
  options: ProxyOptions,
): TargetUriOptions {
  const { furtherOrigins = [], mountPrefix = '', trustedProxies = [], explainsTargets } = options;
  return {
    publicOrigin,
    furtherOrigins,
    mountPrefix,
    ...(trustedProxies.length > 0 && {
      proxies: {
        trusts: createTrustedProxies(trustedProxies),
        fields: options.forwarded ?? 'x-forwarded',
      },
    }),
    ...(explainsTargets && { explain: (sentences: string) => app.log.warn(sentences) }),
  };
}

/**
 * A place where a proxy asks whether a request may pass to another server: 204, or the refusal that the
 * client is to get. The URI it asks about is the one clients use, so no prefix is missing.
 */
export async function answerForwardAuth(
  app: FastifyInstance,
  authenticators: readonly Authenticator[],
  { forwardAuth = 'off', trustedProxies = [] }: ProxyOptions,
): Promise<void> {
  if (forwardAuth === 'off') return;
  const trusts = createTrustedProxies(trustedProxies);
  await app.register(async (scope) => {
    await scope.register(keybound, {
      authenticators,
      realm: 'notes',
      forwardAuth: createForwardAuth({ trusts, fields: forwardAuth }),
    });
    scope.get('/forward-auth', async (_request, reply) => reply.code(204).send());
  });
}
