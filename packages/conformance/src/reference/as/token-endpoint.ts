import { createHash } from 'node:crypto';
import type { AsClient, AsConfig } from '@keybound/dpop-vectors';
import { Refusal } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { ReadProof } from '../proof.ts';
import type { Switches } from '../switches.ts';
import { isPublic } from './clients.ts';
import { type Form, required } from './form.ts';
import { issueAccessToken, resourceOf, scopeOf } from './issue.ts';
import { missingProof } from './proof.ts';
import { type Code, type Grant, type Memory, newSecret, type RefreshToken } from './state.ts';

/** A token request whose client and proof are known. */
export interface TokenRequest {
  readonly config: AsConfig;
  readonly client: AsClient;
  readonly form: Form;
  readonly clock: number;
  readonly proof: ReadProof | undefined;
}

/** Something to be done once the proof has been noted, with the response; nothing has been used up before. */
export type Prepared = () => JsonObject;

type GrantType = (request: TokenRequest, memory: Memory, switches: Switches) => Prepared;

const GRANT_TYPES: Readonly<Record<string, GrantType>> = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  client_credentials: forClientItself,
};

/** Checks a token request of one of the three grant types. */
export function prepareTokens(request: TokenRequest, memory: Memory, switches: Switches): Prepared {
  const { client, form, proof, config } = request;
  const grantType = required(form, 'grant_type');
  const prepare = Object.hasOwn(GRANT_TYPES, grantType) ? GRANT_TYPES[grantType] : undefined;
  if (prepare === undefined) throw new Refusal('unsupported_grant_type', 'another grant');
  if (!client.grant_types.includes(grantType)) throw new Refusal('unauthorized_client', 'not its');
  const isBound = client.dpop_bound_access_tokens || config.preset === 'fapi';
  if (isBound && proof === undefined && !switches.has('proof-optional-for-bound-clients')) {
    throw missingProof();
  }
  return prepare(request, memory, switches);
}

/** RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9449 §10. */
function redeemCode(request: TokenRequest, memory: Memory, switches: Switches): Prepared {
  const { client, form } = request;
  const code = memory.codes.get(required(form, 'code'));
  if (code === undefined || code.client !== client.client_id) throw badGrant('no such code');
  checkRedirectUri(code, form);
  checkVerifier(code, form, switches);
  checkCodeBinding(code, request.proof, switches);
  const { grant } = code;
  const isOver = request.clock >= code.expiresAt && !switches.has('codes-do-not-end');
  if (isOver) throw badGrant('a code that has ended');
  if (code.used && !switches.has('code-redeemed-twice')) {
    grant.ended = true;
    throw badGrant('a code that was used');
  }
  checkWishes(request, grant, switches);
  return () => {
    // Another request may have been faster while this one had its proof noted.
    const isLate = code.used && !switches.has('code-redeemed-apart-from-check');
    if (isLate && !switches.has('code-redeemed-twice')) throw badGrant('a code that was used');
    code.used = true;
    return withRefreshToken(request, { grant, jkt: null }, memory, switches);
  };
}

function checkRedirectUri({ redirectUri }: Code, form: Form): void {
  const sent = form.get('redirect_uri');
  if (sent !== undefined && sent !== redirectUri) throw badGrant('another redirect URI');
}

function checkVerifier({ codeChallenge }: Code, form: Form, switches: Switches): void {
  if (switches.has('pkce-unchecked')) return;
  const verifier = required(form, 'code_verifier');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (challenge !== codeChallenge) throw badGrant('another verifier');
}

function checkCodeBinding(
  { dpopJkt }: Code,
  proof: ReadProof | undefined,
  switches: Switches,
): void {
  if (dpopJkt === undefined || switches.has('dpop-jkt-ignored')) return;
  if (proof === undefined && switches.has('dpop-jkt-needs-no-proof')) return;
  if (proof === undefined) throw missingProof();
  if (proof.jkt !== dpopJkt) throw badGrant('the code of another key');
}

/** RFC 6749 §6, RFC 9449 §5. */
function refresh(request: TokenRequest, memory: Memory, switches: Switches): Prepared {
  const { client, form, proof } = request;
  const token = memory.refreshTokens.get(required(form, 'refresh_token'));
  if (token === undefined || token.grant.client !== client.client_id || token.grant.ended) {
    throw badGrant('no such refresh token');
  }
  try {
    checkRefreshBinding(token, client, proof, switches);
  } catch (error) {
    token.superseded ||= switches.has('refresh-token-used-up-by-refusal');
    throw error;
  }
  if (token.superseded && !switches.has('old-refresh-token-accepted')) {
    token.grant.ended = true;
    throw badGrant('a refresh token that was used');
  }
  checkWishes(request, token.grant, switches);
  return () => {
    if (!isPublic(client)) {
      return issueAccessToken({ ...request, ...token, jkt: proof?.jkt }, memory, switches);
    }
    const isLate = token.superseded && !switches.has('old-refresh-token-accepted');
    if (isLate) throw badGrant('a refresh token that was used');
    token.superseded = true;
    const inherited = switches.has('rotated-refresh-token-unbound') ? null : token.jkt;
    return withRefreshToken(request, { ...token, jkt: inherited }, memory, switches);
  };
}

/** The refresh token of a public client belongs to a key; a confidential client has itself authenticated. */
function checkRefreshBinding(
  { jkt }: RefreshToken,
  client: AsClient,
  proof: ReadProof | undefined,
  switches: Switches,
): void {
  const isBound = isPublic(client) || switches.has('refresh-token-of-confidential-client-bound');
  if (!isBound || jkt === null || switches.has('refresh-binding-unchecked')) return;
  if (proof === undefined && switches.has('refresh-needs-no-proof')) return;
  if (proof === undefined) throw missingProof();
  if (proof.jkt !== jkt) throw badGrant('the refresh token of another key');
}

/** RFC 6749 §4.4. */
function forClientItself(request: TokenRequest, memory: Memory, switches: Switches): Prepared {
  const { client_id, scope } = request.client;
  const grant = { client: client_id, user: client_id, scope, resource: undefined, ended: false };
  checkWishes(request, grant, switches);
  const jkt = request.proof?.jkt;
  return () => issueAccessToken({ ...request, grant, jkt }, memory, switches);
}

function checkWishes({ config, form }: TokenRequest, grant: Grant, switches: Switches): void {
  scopeOf(grant, form, switches);
  resourceOf(config, grant, form);
}

function withRefreshToken(
  request: TokenRequest,
  { grant, jkt }: Pick<RefreshToken, 'grant' | 'jkt'>,
  memory: Memory,
  switches: Switches,
): JsonObject {
  const { client, proof } = request;
  const response = issueAccessToken({ ...request, grant, jkt: proof?.jkt }, memory, switches);
  if (!client.grant_types.includes('refresh_token')) return response;
  const token = newSecret();
  const bound = switches.has('rotated-refresh-token-unbound') ? jkt : (jkt ?? proof?.jkt ?? null);
  memory.refreshTokens.set(token, { grant, jkt: bound, superseded: false });
  return { ...response, refresh_token: token };
}

function badGrant(what: string): Refusal {
  return new Refusal('invalid_grant', what);
}
