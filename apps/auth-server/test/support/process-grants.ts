import { type Clock, systemClock } from '@keybound/core';
import type { ProofOverrides } from '@keybound/test-kit';
import type { AuthorizationRequest } from '../../src/authorization/authorization-request.ts';
import type { Queryable } from '../../src/database/database.ts';
import { issueCode } from '../../src/grants/authorization-codes.ts';
import { DEMO_USERS } from '../../src/users/demo-users.ts';
import { ACR_PASSWORD } from '../../src/users/sessions.ts';
import { CALLBACK, CHALLENGE, VERIFIER } from './grants.ts';
import { basic } from './server.ts';
import { PROCESS_RESOURCE, postTo, proofNow, type ServerProcess } from './server-process.ts';

/** What a server answered, read to the end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** How a client shows itself: by its name, and by the proofs of a key or by none. */
export interface Presenter {
  readonly client?: 'notes-app' | 'notes-app-bearer';
  readonly proof?: ProofOverrides | 'none';
}

type Place = Pick<ServerProcess, 'origin'>;

const [USER] = DEMO_USERS;

/**
 * A code as the consent of a demonstration user gives it now.
 *
 * @param clock - a fast one for a code that is to last
 */
export async function grantCodeNow(
  db: Queryable,
  overrides: Partial<AuthorizationRequest> = {},
  clock: Clock = systemClock,
): Promise<string> {
  if (USER === undefined) throw new Error('no demonstration user');
  const request: AuthorizationRequest = {
    clientId: 'notes-app',
    redirectUri: CALLBACK,
    redirectUriNamed: true,
    scope: ['notes:read', 'notes:write'],
    resources: [PROCESS_RESOURCE],
    codeChallenge: CHALLENGE,
    forcesLogin: false,
    ...overrides,
  };
  const session = { user: USER, authenticatedAt: systemClock() - 60, acr: ACR_PASSWORD };
  return (await issueCode(db, { clock }, request, session)).code;
}

/** Redeems a code at a process. */
export async function redeemAt(
  place: Place,
  code: string,
  { client = 'notes-app', proof = {} }: Presenter = {},
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    client_id: client,
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
  };
  return read(await postTo(place, '/token', form, proofHeader(proof)));
}

/** Refreshes at a process. */
export async function refreshAt(
  place: Place,
  token: string,
  { client = 'notes-app', proof = {} }: Presenter = {},
): Promise<Answer> {
  const form = { grant_type: 'refresh_token', client_id: client, refresh_token: token };
  return read(await postTo(place, '/token', form, proofHeader(proof)));
}

/** Asks for a machine's token with a proof. */
export async function requestTokenAt(place: Place, dpop = proofNow()): Promise<Answer> {
  const authorization = basic('notes-dpop');
  return read(
    await postTo(place, '/token', { grant_type: 'client_credentials' }, { authorization, dpop }),
  );
}

/** Whether a process says that a token is active. */
export async function isActiveAt(place: Place, token: string): Promise<boolean> {
  const authorization = basic('notes-api');
  const answer = await read(await postTo(place, '/introspect', { token }, { authorization }));
  if (answer.status !== 200) throw new Error(`introspection: ${answer.status}`);
  return answer.json.active === true;
}

function proofHeader(proof: ProofOverrides | 'none'): Readonly<Record<string, string>> {
  return proof === 'none' ? {} : { dpop: proofNow(proof) };
}

/** Reads an answer; what is no JSON object has no members. */
export async function read(response: Response): Promise<Answer> {
  const body = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const json = isJson ? JSON.parse(body) : {};
  return { status: response.status, headers: response.headers, body, json };
}
