import type { Decision, RequestVector, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { bearerField, isInexpressible, nodeHeaders } from './forms.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';
import { broughtBy } from './versions.ts';

const NAME = 'express-oauth2-jwt-bearer';

/** The algorithms of its list, which holds for proofs. */
const KNOWN: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES256K', 'ES384', 'ES512'],
  'EdDSA',
];

/** The middleware of Auth0 for Express. */
export function createExpressOauth2Peer(): Peer {
  return createPeer({
    package: NAME,
    builtOn: broughtBy(NAME, 'jose'),
    configuration:
      'auth with strict (RFC 9068), the key set as publicKey, a validator of alg with the list of the configuration, dpop.required where the resource takes no Bearer tokens, dpop.enabled off where it takes nothing else, iatOffset and iatLeeway as the window, then requiredScopes; called with what Express would give it (its fields as Node joins them, trust proxy as configured); its list of algorithms for proofs is fixed, and algs of its challenges names it.',
    limits: {
      nonces: 'It has no nonces.',
      replay: 'It has no memory of proofs.',
      introspection: 'It takes JWTs alone.',
      metadata: 'It points to no metadata.',
      mountPrefix: 'It has no setting for a path that a proxy strips.',
      severalAuthorizations: 'Node passes on the first of several Authorization fields alone.',
      window: ({ maxAgeSeconds, maxFutureSeconds }) => ({
        back: maxAgeSeconds,
        ahead: maxFutureSeconds,
      }),
      algorithms: ({ tokenAlgorithms }) => ({
        tokenAlgorithms: tokenAlgorithms.filter((alg) => KNOWN.includes(alg)),
        proofAlgorithms: KNOWN,
      }),
    },
    open: () => undefined,
    async decide({ config, request }) {
      const { schemes, maxAgeSeconds, maxFutureSeconds, requiredScope } = config;
      const dpop = {
        enabled: schemes.includes('DPoP'),
        required: !schemes.includes('Bearer'),
        iatOffset: maxAgeSeconds,
        iatLeeway: maxFutureSeconds,
      };
      const handlers = [auth({ ...tokenOptions(config), dpop })];
      if (requiredScope !== undefined) handlers.push(requiredScopes([...requiredScope]));
      return await handled(handlers as unknown as readonly Handler[], config, request);
    },
    async decideToken({ config, token }) {
      const request = bearerField(token);
      if (isInexpressible(request)) return request;
      const handlers = [auth(tokenOptions(config))] as unknown as readonly Handler[];
      return await handled(handlers, { origin: config.audience }, request);
    },
  });
}

function tokenOptions({
  issuer,
  audience,
  jwks,
  tokenAlgorithms,
}: Omit<TokenConfig, 'server'>): NonNullable<Parameters<typeof auth>[0]> {
  return {
    issuer,
    audience,
    publicKey: jwks as never,
    strict: true,
    validators: { alg: (alg) => typeof alg === 'string' && tokenAlgorithms.includes(alg) },
  };
}

async function handled(
  handlers: readonly Handler[],
  config: Pick<RsConfig, 'origin' | 'trustedProxies'>,
  vector: RequestVector,
): Promise<Decision | { skip: string }> {
  const headers = nodeHeaders(vector);
  if (isInexpressible(headers)) return headers;
  const request = expressRequest(config, vector, headers);
  return await decisionOf(async () => {
    for (const handler of handlers) await handle(handler, request);
  }, saidBy);
}

async function handle(handler: Handler, request: ExpressRequest): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
    Promise.resolve(handler(request, {}, next)).catch(reject);
  });
}

/** The status and the fields that Express takes from its errors. */
function saidBy(error: {
  readonly status?: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}): Partial<Decision> {
  const { status, code, headers } = error;
  if (status === undefined || headers === undefined) return {};
  return { status, error: code ? code : null, fields: Object.entries(headers) };
}

type Handler = (
  request: ExpressRequest,
  response: object,
  next: (error?: unknown) => void,
) => unknown;

/** What the middleware reads of a request of Express. */
interface ExpressRequest {
  readonly method: string;
  readonly protocol: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
  readonly socket: { readonly remoteAddress: string };
  readonly app: { get(setting: string): unknown };
  get(name: string): string | undefined;
  is(type: string): boolean;
}

function expressRequest(
  { origin, trustedProxies = [] }: Pick<RsConfig, 'origin' | 'trustedProxies'>,
  { method, target, body, peerAddress = '198.51.100.1' }: RequestVector,
  given: Readonly<Record<string, string>>,
): ExpressRequest {
  const { protocol, host } = new URL(origin);
  const headers: Readonly<Record<string, string>> = { host, ...given };
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  const trusts = (address: string): boolean => trustedProxies.includes(address);
  const forwarded = trusts(peerAddress) ? headers['x-forwarded-proto']?.split(',')[0]?.trim() : '';
  return {
    method,
    protocol: forwarded || protocol.slice(0, -1),
    originalUrl: target,
    headers,
    query: Object.fromEntries(new URLSearchParams(target.split('?')[1] ?? '')),
    ...(body !== undefined && isForm && { body: Object.fromEntries(new URLSearchParams(body)) }),
    socket: { remoteAddress: peerAddress },
    app: { get: (setting) => (setting === 'trust proxy fn' ? trusts : undefined) },
    get: (name) => headers[name.toLowerCase()],
    is: (type) => type === 'urlencoded' && isForm,
  };
}
