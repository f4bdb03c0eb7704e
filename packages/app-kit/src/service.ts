import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';

/** How a service logs and what it accepts. */
export interface ServiceOptions {
  readonly logLevel: string;
  /** Where log lines go; for tests. @defaultValue the standard output */
  readonly logStream?: { write(line: string): void };
  /**
   * Addresses or networks of proxies whose `X-Forwarded-For` tells the address of the caller, for
   * limits and logs. Nothing else is believed of them. @defaultValue none
   */
  readonly trustedProxies?: readonly string[];
}

/** The longest body a service reads; forms and notes are far smaller. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** How long a request may take to arrive; the token endpoint reads bodies of anybody. */
const REQUEST_TIMEOUT_MS = 30_000;

/** What a caller learns of a fault; nothing received is repeated. */
const FAULT_TEXTS: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  403: 'The request comes from another site',
  404: 'There is nothing here',
  405: 'This method is not allowed here',
  413: 'The request body is too large',
  414: 'The request target is too long',
  415: 'The request body has an unsupported media type',
  429: 'Too many requests have come from this address; try again later',
  431: 'The request header fields are too large',
  503: 'The service cannot answer at the moment; try again later',
};

/** Statuses after which the same request may succeed. */
const TEMPORARY: ReadonlySet<number> = new Set([429, 503]);

/**
 * A Fastify instance with what every app wants: JSON logs without secrets, `/healthz`, and error
 * answers that repeat nothing of the request.
 */
export function createService(options: ServiceOptions): FastifyInstance {
  const { logLevel, logStream, trustedProxies = [] } = options;
  const app = Fastify({
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    logger: loggerOptions(logLevel, logStream),
    return503OnClosing: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Fastify's own answer to a target it cannot decode repeats the target.
    frameworkErrors: (_error, _request, reply) => sendFault(reply, 400),
  });
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ status: 'ok' }));
  app.setNotFoundHandler((_request, reply) => sendFault(reply, 404));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      request.log.info({ code: error.code, status }, 'request refused');
      return sendFault(reply, status);
    }
    request.log.error({ err: error }, 'request failed');
    return sendFault(reply, 500);
  });
  return app;
}

/** Answers with a status and its constant sentence. */
export function sendFault(reply: FastifyReply, status: number): FastifyReply {
  const permanent = status >= 500 ? 'server_error' : 'invalid_request';
  return reply.code(status).send({
    error: TEMPORARY.has(status) ? 'temporarily_unavailable' : permanent,
    error_description: FAULT_TEXTS[status] ?? 'The request failed',
  });
}

/** Secrets travel in fields and queries, so neither is logged; bodies never are. */
function loggerOptions(
  level: string,
  stream: ServiceOptions['logStream'],
): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    ...(stream && { stream }),
    redact: ['headers', 'req.headers', '*.token', '*.secret', '*.proof'],
    serializers: {
      req: ({ method, url }: FastifyRequest) => ({ method, path: pathOf(url) }),
      err: describeError,
    },
  };
}

/** A request target without what can hold secrets: query, fragment, userinfo. */
function pathOf(target: string): string {
  return target.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

/** An error and its causes; not the members that parsers add, such as the raw packet with its fields. */
function describeError(error: Error & { code?: unknown }): {
  type: string;
  message: string;
  stack: string;
} & Record<string, unknown> {
  const { name, message, stack = '', code, cause } = error;
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(cause instanceof Error && { cause: describeError(cause) }),
  };
}
