import type { Question, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { credentialsOf, readJws, sentProof, valuesOf } from './sent.ts';

export type RsQuestion = Extract<Question, { kind: 'rs-request' }>;
export type TokenQuestion = Extract<Question, { kind: 'token' }>;

/**
 * What a peer does not do, or does in one way that cannot be configured: for each the reason that a case
 * about it is skipped. What is left out is asked.
 */
export interface Limits {
  /** Challenges in `WWW-Authenticate`. */
  readonly challenges?: string;
  readonly nonces?: string;
  /** Memory of proofs. */
  readonly replay?: string;
  readonly introspection?: string;
  readonly scopes?: string;
  /** Several scope values, all of which are demanded. */
  readonly severalScopes?: string;
  /** Limiting a resource to one of the schemes. */
  readonly schemes?: string;
  /** Believing a proxy about the origin. */
  readonly proxies?: string;
  /** A path that a proxy strips. */
  readonly mountPrefix?: string;
  /** Request targets as they stand on the wire, where they are no proper path and query. */
  readonly targets?: string;
  /** A token in the query or in the body beside one in the field. */
  readonly otherPlaces?: string;
  /** Pointing to metadata in challenges. */
  readonly metadata?: string;
  /** More than one `Authorization` field. */
  readonly severalAuthorizations?: string;
  /** How far `iat` of a proof may be off as the peer is configured, the limits included. */
  readonly window: (config: RsConfig) => Window;
  /** Which algorithms the peer takes as it is configured. */
  readonly algorithms: (config: Algorithms) => Algorithms;
}

export interface Window {
  readonly back: number;
  readonly ahead: number;
  /** What is granted to clocks at `exp` and `nbf` of a proof. @defaultValue 0 */
  readonly leeway?: number;
}

/** As in the configurations of the vectors; a verifier of tokens alone has no list for proofs. */
export type Algorithms = Pick<TokenConfig, 'tokenAlgorithms'> &
  Partial<Pick<RsConfig, 'proofAlgorithms'>>;

/** Settings of the configuration that a peer may lack. */
const SETTINGS: readonly (readonly [keyof Limits, (question: RsQuestion) => boolean])[] = [
  ['challenges', ({ type }) => type === 'Challenge'],
  ['nonces', ({ config }) => config.nonce !== null],
  ['replay', ({ config }) => config.replay === 'failing'],
  ['introspection', ({ config }) => config.introspection !== undefined],
  ['scopes', ({ config }) => config.requiredScope !== undefined],
  ['severalScopes', ({ config }) => (config.requiredScope ?? []).length > 1],
  ['proxies', ({ config }) => config.trustedProxies !== undefined],
  ['mountPrefix', ({ config }) => config.mountPrefix !== undefined],
  ['metadata', ({ config }) => config.resourceMetadata !== undefined],
  ['targets', ({ request }) => !isProperTarget(request.target)],
  ['schemes', usesAnotherScheme],
  ['otherPlaces', hasTokenBesideField],
  ['severalAuthorizations', ({ request }) => valuesOf(request, 'authorization').length > 1],
];

/** Why a question about a request is outside of what the peer does; undefined when it is not. */
export function outsideOfRequests(limits: Limits, question: RsQuestion): string | undefined {
  const setting = SETTINGS.find(([name, concerns]) => limits[name] && concerns(question));
  if (setting !== undefined) return limits[setting[0]] as string;
  const { config, request } = question;
  if (namesAnotherHost(question)) {
    return 'It is not told the origin; that requests for other hosts do not arrive is left to the server.';
  }
  const taken = limits.algorithms(config);
  return (
    algorithmDiffers('proof', sentProof(request).header.alg, config.proofAlgorithms, taken) ??
    tokenAlgorithmDiffers(credentialsOf(request).token, config, taken) ??
    windowDiffers(question, limits.window(config))
  );
}

/** The same for a token alone. */
export function outsideOfTokens(
  limits: Limits,
  { config, token }: TokenQuestion,
): string | undefined {
  return tokenAlgorithmDiffers(token, config, limits.algorithms(config));
}

function tokenAlgorithmDiffers(
  token: string,
  config: Pick<TokenConfig, 'tokenAlgorithms'>,
  taken: Algorithms,
): string | undefined {
  return algorithmDiffers('token', readJws(token).header.alg, config.tokenAlgorithms, taken);
}

function algorithmDiffers(
  what: 'proof' | 'token',
  alg: unknown,
  wanted: readonly string[],
  taken: Algorithms,
): string | undefined {
  if (typeof alg !== 'string') return undefined;
  const takes = taken[`${what}Algorithms`]?.includes(alg) ?? false;
  if (takes === wanted.includes(alg)) return undefined;
  return takes
    ? `Its list of algorithms for a ${what} cannot be limited as the case wants it.`
    : `It does not take ${alg} for a ${what}.`;
}

/** Only a difference in the limits is outside: where both windows agree, the peer must decide. */
function windowDiffers({ config, clock, request }: RsQuestion, taken: Window): string | undefined {
  const { iat, exp, nbf } = sentProof(request).payload;
  const { leeway = 0 } = taken;
  const isLate = typeof exp === 'number' && exp <= clock && exp > clock - leeway;
  const isEarly = typeof nbf === 'number' && nbf > clock && nbf <= clock + leeway;
  if (isLate || isEarly) return `It grants ${leeway} s to clocks, and the case less.`;
  if (typeof iat !== 'number') return undefined;
  const within = ({ back, ahead }: Window): boolean => iat >= clock - back && iat <= clock + ahead;
  const wanted = { back: config.maxAgeSeconds, ahead: config.maxFutureSeconds };
  if (within(wanted) === within(taken)) return undefined;
  return `Its window is ${taken.back} s back and ${taken.ahead} s ahead, and the case lies between that and another.`;
}

/** A scheme that is not configured, with a token that is not bound: a bound one must be refused anyway. */
function usesAnotherScheme({ config, request }: RsQuestion): boolean {
  const { scheme, token } = credentialsOf(request);
  const known = ['bearer', 'dpop'].includes(scheme);
  const configured = config.schemes.some((one) => one.toLowerCase() === scheme);
  return known && !configured && readJws(token).payload.cnf === undefined;
}

function namesAnotherHost({ config, request }: RsQuestion): boolean {
  const { host } = new URL(config.origin);
  return valuesOf(request, 'host').some((one) => one.toLowerCase() !== host);
}

/** A path and a query as RFC 3986 has them, without dot segments. */
function isProperTarget(target: string): boolean {
  const [path = ''] = target.split('?');
  return (
    /^\/(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*$/i.test(target) &&
    !path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))
  );
}

function hasTokenBesideField({ request }: RsQuestion): boolean {
  const { target, body = '' } = request;
  const elsewhere = new URLSearchParams(`${target.split('?')[1] ?? ''}&${body}`);
  return elsewhere.has('access_token') && valuesOf(request, 'authorization').length > 0;
}
