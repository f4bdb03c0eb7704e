import { generateKeyPairSync, sign } from 'node:crypto';
import type { AsClient, AsConfig } from '@keybound/dpop-vectors';
import { Refusal } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { Switches } from '../switches.ts';
import type { Form } from './form.ts';
import { type Grant, type Memory, newSecret } from './state.ts';

const LIFETIME_SECONDS = 300;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What an access token is given for. */
export interface Issue {
  readonly config: AsConfig;
  readonly client: AsClient;
  readonly grant: Grant;
  readonly form: Form;
  readonly clock: number;
  /** The key that was proven. */
  readonly jkt: string | undefined;
}

/** The members of a token response that are about the access token (RFC 6749 §5.1, RFC 9449 §5). */
export function issueAccessToken(
  { config, client, grant, form, clock, jkt }: Issue,
  memory: Memory,
  switches: Switches,
): JsonObject {
  const scope = scopeOf(grant, form, switches);
  const isShown = jkt !== undefined && !switches.has('issued-token-without-cnf');
  const claims = {
    iss: config.issuer,
    sub: grant.user,
    client_id: client.client_id,
    aud: resourceOf(config, grant, form),
    scope,
    iat: clock,
    exp: clock + LIFETIME_SECONDS,
    jti: newSecret(),
    ...(isShown && { cnf: { jkt } }),
  };
  const token = client.access_token_format === 'opaque' ? newSecret() : signed(claims);
  memory.accessTokens.set(token, { grant, claims, revoked: false });
  const isDpop = jkt !== undefined && !switches.has('token-type-always-bearer');
  return {
    access_token: token,
    token_type: isDpop ? 'DPoP' : 'Bearer',
    expires_in: LIFETIME_SECONDS,
    scope,
  };
}

/** What is asked for, within what was granted (RFC 6749 §3.3 and §6). */
export function scopeOf({ scope: granted }: Grant, form: Form, switches: Switches): string {
  const asked = form.get('scope');
  if (asked === undefined) return granted;
  const isWithin = asked.split(' ').every((value) => granted.split(' ').includes(value));
  if (!isWithin && !switches.has('scope-widened')) {
    throw new Refusal('invalid_scope', 'more than was granted');
  }
  return asked;
}

/** RFC 8707 §2. */
export function resourceOf({ resources }: AsConfig, { resource }: Grant, form: Form): string {
  const asked = form.get('resource');
  const allowed = resource === undefined ? resources : [resource];
  if (asked !== undefined && !allowed.includes(asked)) {
    throw new Refusal('invalid_target', 'a resource that was not granted');
  }
  return asked ?? allowed[0] ?? '';
}

function signed(claims: JsonObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ typ: 'at+jwt', alg: 'ES256', kid: 'reference' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(input), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
