import type { AsClient } from '@keybound/dpop-vectors';
import { Refusal } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { Switches } from '../switches.ts';
import { type Form, required } from './form.ts';
import type { Memory } from './state.ts';

const INACTIVE: JsonObject = { active: false };

/** What a resource server is told of a token (RFC 7662 §2, RFC 9449 §6.2). */
export function introspect(
  caller: AsClient,
  form: Form,
  memory: Memory,
  clock: number,
  switches: Switches,
): JsonObject {
  const { introspects = [] } = caller;
  if (introspects.length === 0) throw new Refusal('invalid_client', 'no resource server', 401);
  const token = memory.accessTokens.get(required(form, 'token'));
  if (token === undefined) return INACTIVE;
  const { grant, claims, revoked } = token;
  const isOver = clock >= claims.exp;
  const isMeant = introspects.includes(String(claims.aud));
  if (isOver || revoked || grant.ended || !isMeant) return INACTIVE;
  const { cnf, ...rest } = claims;
  const isBound = cnf !== undefined && !switches.has('introspection-without-cnf');
  const type = cnf === undefined || switches.has('introspection-type-bearer') ? 'Bearer' : 'DPoP';
  return { active: true, ...rest, token_type: type, ...(isBound && { cnf }) };
}

/** Ends a token, and with a refresh token all of its grant (RFC 7009 §2). */
export function revoke(client: AsClient, form: Form, memory: Memory, switches: Switches): void {
  const token = required(form, 'token');
  const access = memory.accessTokens.get(token);
  const refresh = memory.refreshTokens.get(token);
  const owner = (access ?? refresh)?.grant.client;
  if (owner === undefined || switches.has('revocation-ignored')) return;
  if (owner !== client.client_id && !switches.has('revocation-by-other-clients')) {
    throw new Refusal('invalid_grant', 'the token of another client');
  }
  if (access) access.revoked = true;
  if (refresh) refresh.grant.ended = true;
}
