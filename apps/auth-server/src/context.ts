import type { Clock, ProtectedRequest } from '@keybound/core';
import type { ProofVerifier } from '@keybound/dpop';
import type { Audit } from './audit.ts';
import type { Client } from './clients/client.ts';
import type { ClientRegistry } from './clients/client-registry.ts';
import type { Queryable } from './database/database.ts';
import type { Form } from './form.ts';
import type { SigningKeys } from './keys/signing-keys.ts';
import type { Policy } from './policy.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';
import type { Sessions } from './users/sessions.ts';
import type { Users } from './users/users.ts';

/** How long things live, in seconds. */
export interface Lifetimes {
  readonly accessTokenSeconds: number;
  /** A refresh token that nobody uses. */
  readonly refreshTokenSeconds: number;
  /** A grant with all its tokens, however often they are refreshed. */
  readonly grantSeconds: number;
}

/** How many requests one address may send in a minute. */
export interface RequestLimits {
  /** Attempts to sign in; the same number holds for each name. */
  readonly loginsPerMinute: number;
  /** Requests to each endpoint that clients call. */
  readonly requestsPerMinute: number;
}

/** What the routes of the server work with. */
export interface ServerContext {
  readonly issuer: string;
  /** The audiences tokens may be issued for; the first one is the default. */
  readonly resources: readonly string[];
  readonly policy: Policy;
  readonly lifetimes: Lifetimes;
  readonly limits: RequestLimits;
  /** Whether strangers may register clients. */
  readonly registration: 'open' | 'off';
  readonly clock: Clock;
  readonly db: Queryable;
  readonly audit: Audit;
  readonly clients: ClientRegistry;
  /** The client that sent a request to an endpoint; see `clients/authenticate-client.ts`. */
  readonly authenticateClient: (request: ProtectedRequest, form: Form) => Promise<Client>;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly proofs: ProofVerifier;
}
