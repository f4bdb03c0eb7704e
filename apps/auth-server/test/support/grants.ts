import { createHash } from 'node:crypto';
import { NOW } from '@keybound/test-kit';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { AuthorizationRequest } from '../../src/authorization/authorization-request.ts';
import type { Queryable } from '../../src/database/database.ts';
import { issueCode } from '../../src/grants/authorization-codes.ts';
import { DEMO_USERS } from '../../src/users/demo-users.ts';
import { ACR_PASSWORD } from '../../src/users/sessions.ts';
import { type Parameters, post, proofFor, RESOURCE } from './server.ts';

export const VERIFIER = 'a-verifier-of-the-tests-that-is-long-enough-0123';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const CALLBACK = 'http://127.0.0.1/callback';

const [USER] = DEMO_USERS;

/** A code as the consent of a demonstration user gives it, without the pages before. */
export async function grantCode(
  db: Queryable,
  overrides: Partial<AuthorizationRequest> = {},
): Promise<string> {
  if (USER === undefined) throw new Error('no demonstration user');
  const request: AuthorizationRequest = {
    clientId: 'notes-app',
    redirectUri: CALLBACK,
    redirectUriNamed: true,
    scope: ['notes:read', 'notes:write'],
    resources: [RESOURCE],
    codeChallenge: CHALLENGE,
    forcesLogin: false,
    ...overrides,
  };
  const session = { user: USER, authenticatedAt: NOW - 60, acr: ACR_PASSWORD };
  return (await issueCode(db, { clock: () => NOW }, request, session)).code;
}

/** Redeems a code as `notes-app` does, with a proof of Alice's key. */
export function redeem(
  app: FastifyInstance,
  code: string,
  form: Parameters = {},
  headers: Readonly<Record<string, string>> = { dpop: proofFor() },
): Promise<LightMyRequestResponse> {
  return post(
    app,
    '/token',
    {
      grant_type: 'authorization_code',
      client_id: 'notes-app',
      code,
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
      ...form,
    },
    headers,
  );
}

/** Refreshes as `notes-app` does, with a proof of Alice's key. */
export function refresh(
  app: FastifyInstance,
  token: string,
  form: Parameters = {},
  headers: Readonly<Record<string, string>> = { dpop: proofFor() },
): Promise<LightMyRequestResponse> {
  return post(
    app,
    '/token',
    { grant_type: 'refresh_token', client_id: 'notes-app', refresh_token: token, ...form },
    headers,
  );
}
