import {
  AUTH_REASONS,
  type Clock,
  type Credentials,
  isAuthError,
  isSecureUrl,
  type ProtectedRequest,
  parseCredentials,
} from '@keybound/core';
import { type CheckState, checksFor, type TickedCheck, tickChecks } from './checks.ts';
import { type DecodedJwt, decodeJwt } from './decode.ts';
import type { Fault, Inspection, InspectOptions } from './inspection.ts';
import { judgeWithKeys } from './judge-with-keys.ts';
import { judgeWithoutKeys } from './judge-without-keys.ts';
import { NOTES } from './notes.ts';
import { isMethod, type PastedTarget, parsePastedUrl } from './pasted-target.ts';

export type { Inspection, InspectOptions, IssuerKeys } from './inspection.ts';

/** What one request alone does not decide, or each server decides for itself: never passed here. */
const NEVER_JUDGED: ReadonlySet<string> = new Set([
  'fields',
  'token-active',
  'stray-proof',
  'proof-replay',
  'scope',
]);
/** In seconds, some thirty thousand years: beyond it, sums of times are no longer exact enough. */
const LATEST_MOMENT = 2 ** 40;

/** What was found out about a request before anything is judged. */
interface Case {
  readonly credentials: Credentials | undefined;
  readonly token: DecodedJwt | undefined;
  readonly proof: DecodedJwt | undefined;
  readonly issuerKnown: boolean;
  readonly notes: readonly string[];
}

/**
 * What the verifiers of this toolkit say about a pasted request, found out in the page: nothing is sent
 * anywhere. With the keys of the token's issuer it is what a resource server decides; without them, the
 * proof is verified and the token taken at its word, and the checks of the token are `'unknown'`. Never
 * rejects, whatever was pasted.
 */
export async function inspectRequest(options: InspectOptions): Promise<Inspection> {
  const { method, url, authorization, dpop, issuerKeys } = options;
  const proof = decodeJwt(dpop[0] ?? '');
  const unread: Case = {
    credentials: undefined,
    token: undefined,
    proof,
    issuerKnown: false,
    notes: [],
  };
  if (authorization.length === 0 && dpop.length === 0) return unreadable(unread, NOTES.nothing);
  if (!isMethod(method)) return unreadable(unread, NOTES.method);
  const pasted = parsePastedUrl(url);
  if (pasted === undefined) return unreadable(unread, NOTES.url);
  if (!isSecureUrl(new URL(pasted.origin))) return unreadable(unread, NOTES.insecure);

  const request = requestOf(options, pasted);
  const { clock, notes } = clockOf(options, proof);
  const presented = readCredentials(request);
  if (!('scheme' in presented)) return judged({ ...unread, notes }, presented);
  const token = decodeJwt(presented.token);
  const known = issuerKeys !== undefined && token?.payload.iss === issuerKeys.issuer;
  const read: Case = { credentials: presented, token, proof, issuerKnown: known, notes };
  const { origin } = pasted;
  try {
    const fault = known
      ? await judgeWithKeys(request, { origin, issuerKeys, clock })
      : await judgeWithoutKeys(request, { credentials: presented, origin, clock });
    return judged({ ...read, notes: [...notes, ...notesOn(read, dpop, fault)] }, fault);
  } catch {
    // A key set that is none, or a clock that the replay store cannot count with.
    return unreadable(read, NOTES.unavailable);
  }
}

function requestOf(
  { method, authorization, dpop }: InspectOptions,
  { target }: PastedTarget,
): ProtectedRequest {
  const fields = new Map([
    ['authorization', authorization],
    ['dpop', dpop],
  ]);
  return { method, target, headers: (name) => fields.get(name) ?? [] };
}

function readCredentials(request: ProtectedRequest): Credentials | Fault {
  try {
    return parseCredentials(request) ?? { reason: 'credentials_missing', facts: {} };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { reason: error.reason, facts: error.facts };
  }
}

function clockOf(
  { at, clock }: InspectOptions,
  proof: DecodedJwt | undefined,
): { readonly clock: Clock; readonly notes: readonly string[] } {
  if (at === 'now') return { clock, notes: [] };
  const iat = proof?.payload.iat;
  if (typeof iat !== 'number' || !(iat > 0 && iat < LATEST_MOMENT)) {
    return { clock, notes: [NOTES.noMoment] };
  }
  return { clock: () => iat, notes: [NOTES.whenMade] };
}

function notesOn(
  { credentials, token, issuerKnown }: Case,
  dpop: readonly string[],
  fault: Fault | undefined,
): readonly string[] {
  const isBearer = credentials?.scheme === 'Bearer';
  const notes: string[] = [];
  if (!issuerKnown) notes.push(token === undefined ? NOTES.opaque : NOTES.foreign);
  if (!issuerKnown && fault?.reason === 'token_not_bound') notes.push(NOTES.unboundForeign);
  if (!issuerKnown && isBearer && fault === undefined) notes.push(NOTES.bearerForeign);
  if (isBearer && dpop.length > 0) notes.push(NOTES.strayProof);
  if (!isBearer) notes.push(NOTES.replay, NOTES.nonce);
  return [...notes, NOTES.route];
}

function judged(read: Case, fault: Fault | undefined): Inspection {
  const { credentials, issuerKnown } = read;
  const scheme = credentials?.scheme;
  const ticked = tickChecks(checksFor(scheme ?? 'DPoP', { nonces: false }), fault?.reason);
  const checks = ticked.map((check): TickedCheck => ({ ...check, state: stateOf(check, read) }));
  const base = { ...baseOf(read), checks, notes: read.notes };
  if (fault !== undefined) {
    const { reason, facts } = fault;
    return {
      ...base,
      verdict: 'refused',
      reason,
      sentence: AUTH_REASONS[reason].description,
      facts,
    };
  }
  // Of a bearer token that was not verified, nothing was.
  const isUnjudged = scheme === 'Bearer' && !issuerKnown;
  return { ...base, verdict: isUnjudged ? 'unreadable' : 'accepted' };
}

/** A check counts as passed only if what it takes was at hand. */
function stateOf({ id, about, state }: TickedCheck, read: Case): CheckState {
  if (state !== 'passed') return state;
  if (NEVER_JUDGED.has(id)) return 'unknown';
  if (read.issuerKnown || read.credentials === undefined) return state;
  const needsToken = about === 'token' || (about === 'binding' && read.token === undefined);
  return needsToken ? 'unknown' : state;
}

function unreadable(read: Case, note: string): Inspection {
  return {
    ...baseOf(read),
    verdict: 'unreadable',
    checks: [],
    notes: [...read.notes, note],
  };
}

function baseOf({
  credentials,
  token,
  proof,
  issuerKnown,
}: Case): Pick<Inspection, 'scheme' | 'issuerKnown' | 'token' | 'proof'> {
  return {
    scheme: credentials?.scheme,
    issuerKnown,
    ...(token && { token }),
    ...(proof && { proof }),
  };
}
