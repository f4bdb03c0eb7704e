import type { RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { ALGORITHMS } from './algorithms.ts';
import { attempted, demand } from './fault.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import { checkExtensions, isType, type Jws, type JwsLimits, parseJws } from './jws.ts';
import { keyFor } from './key.ts';
import { isTime } from './proof-claims.ts';
import { isSignedBy, passesWithoutKey } from './signature.ts';
import type { Switches } from './switches.ts';

const LIMITS: JwsLimits = {
  chars: 8192,
  headerChars: 8192,
  depth: 16,
  members: 256,
  values: 1024,
};
/** How far clocks may differ. */
const LEEWAY_SECONDS = 5;

/** The claims of an access token that is good for this resource at this time. */
export function verifyToken(
  token: string,
  config: TokenConfig | RsConfig,
  clock: number,
  switches: Switches,
): JsonObject {
  const { introspection } = config as RsConfig;
  const answer = introspection?.[token];
  const claims =
    introspection === undefined || (answer === undefined && isJwt(token))
      ? verifyJwt(token, config, switches)
      : introspected(answer, config, switches);
  const { scope } = claims;
  demand(scope === undefined || typeof scope === 'string', 'scope is no text');
  checkAudience(claims.aud, config.audience, switches);
  checkLifetime(claims, clock, switches);
  return claims;
}

function isJwt(token: string): boolean {
  return token.split('.').length === 3;
}

/** RFC 9068 §4. */
function verifyJwt(token: string, config: TokenConfig | RsConfig, switches: Switches): JsonObject {
  const jws = parseJws(token, LIMITS, switches);
  const { header, payload: claims } = jws;
  const isAccessToken = isType(header.typ, 'at+jwt', switches);
  demand(isAccessToken || switches.has('token-typ-ignored'), 'not the type of an access token');
  checkExtensions(header, switches);
  checkTokenSignature(jws, config, switches);
  const isIssuer =
    claims.iss === config.issuer ||
    (switches.has('token-iss-compared-loosely') && isSameIssuer(claims.iss, config.issuer));
  demand(isIssuer || switches.has('token-iss-ignored'), 'the token of another issuer');
  const texts = ['sub', 'client_id', 'jti'].every((name) => isText(claims[name]));
  demand(texts || switches.has('token-claims-optional'), 'a claim is missing');
  demand(isTime(claims.iat) || switches.has('token-claims-optional'), 'no iat');
  demand(isTime(claims.exp) || switches.has('token-exp-ignored'), 'no exp');
  return claims;
}

function isSameIssuer(found: unknown, due: string): boolean {
  return typeof found === 'string' && found.replace(/\/$/, '').toLowerCase() === due.toLowerCase();
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Signed with a key that the issuer has published for this (RFC 9068 §4, RFC 8725 §3.8). */
function checkTokenSignature(
  jws: Jws,
  { jwks, tokenAlgorithms }: TokenConfig | RsConfig,
  switches: Switches,
): void {
  const { alg, kid, jwk: embedded } = jws.header;
  const isPassed = passesWithoutKey(jws, jwks.keys, switches);
  if (isPassed || switches.has('token-signature-unchecked')) return;
  demand(typeof alg === 'string', 'no algorithm');
  const algorithm = ALGORITHMS.get(alg);
  const isListed = tokenAlgorithms.includes(alg) || switches.has('token-alg-list-ignored');
  demand(algorithm !== undefined && isListed, 'an algorithm that is not on the list');
  const isTrusted = isObject(embedded) && switches.has('token-embedded-key-trusted');
  const published = jwks.keys.filter((one) => kid === undefined || one.kid === kid);
  const keys = isTrusted ? [embedded] : published;
  const fitting = keys.flatMap((jwk) => attempted(() => keyFor(alg, algorithm, jwk, switches)));
  const [key, ...more] = fitting;
  demand(key !== undefined && more.length === 0, 'not one key that fits');
  demand(isSignedBy(key, algorithm, jws), 'not signed by the issuer');
}

/** RFC 7662 §2.2. */
function introspected(
  answer: JsonObject | undefined,
  { issuer }: TokenConfig | RsConfig,
  switches: Switches,
): JsonObject {
  demand(answer !== undefined, 'an unknown token');
  const { active, iss, token_type: type, cnf } = answer;
  const isActive = active === true || (switches.has('introspection-truthy') && Boolean(active));
  demand(isActive || switches.has('introspection-inactive-accepted'), 'not active');
  const isDpop = typeof type === 'string' && type.toLowerCase() === 'dpop';
  demand(!isDpop || cnf !== undefined, 'a bound token without its key');
  demand(iss === undefined || iss === issuer, 'the token of another issuer');
  return answer;
}

function checkAudience(aud: unknown, audience: string, switches: Switches): void {
  if (switches.has('token-aud-ignored')) return;
  const all: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isText = all.every((one) => typeof one === 'string');
  const beginsAlike = all.some((one) => textOf(one).startsWith(audience));
  const isMeant =
    all.includes(audience) || (switches.has('token-aud-compared-by-beginning') && beginsAlike);
  demand(isText && isMeant, 'a token for another resource');
}

function checkLifetime({ exp, nbf, iat }: JsonObject, clock: number, switches: Switches): void {
  for (const time of [exp, nbf, iat]) {
    demand(time === undefined || isTime(time) || switches.has('token-exp-ignored'), 'no time');
  }
  const isOver = isTime(exp) && clock >= exp + LEEWAY_SECONDS;
  demand(!isOver || switches.has('token-exp-ignored'), 'a token that has ended');
  const isEarly = isTime(nbf) && clock < nbf - LEEWAY_SECONDS;
  demand(!isEarly || switches.has('token-nbf-ignored'), 'a token that is not good yet');
}
