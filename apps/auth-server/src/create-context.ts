import { type Clock, systemClock } from '@keybound/core';
import { createProofVerifier, type Nonces, type PresetName } from '@keybound/dpop';
import type { Audit } from './audit.ts';
import { createClientAuthentication } from './clients/authenticate-client.ts';
import type { Client } from './clients/client.ts';
import { createClientRegistry } from './clients/client-registry.ts';
import type { Lifetimes, RequestLimits, ServerContext } from './context.ts';
import type { Database } from './database/database.ts';
import { createKeyEncryption } from './keys/key-encryption.ts';
import type { SigningAlgorithm } from './keys/key-pair.ts';
import { createSigningKeys } from './keys/signing-keys.ts';
import { POLICIES } from './policy.ts';
import { ENDPOINTS } from './routes/endpoints.ts';
import { createAccessTokens } from './tokens/access-tokens.ts';
import { createDatabaseReplayStore } from './tokens/database-replay-store.ts';
import { PASSWORD_COST, type PasswordCost } from './users/password.ts';
import { createSessions } from './users/sessions.ts';
import { createUsers, type DemoUser } from './users/users.ts';

/** What the parts of the server are made with. */
export interface ContextOptions {
  /** The issuer identifier: an origin. */
  readonly issuer: string;
  /** The audiences tokens may be issued for; the first one is the default. */
  readonly resources: readonly string[];
  readonly database: Database;
  /** The clients of the configuration. */
  readonly clients: Iterable<Client>;
  /** People whose passwords are published; for demonstrations on this machine. @defaultValue none */
  readonly demoUsers?: readonly DemoUser[];
  /** What checking a password costs. @defaultValue {@link PASSWORD_COST} */
  readonly passwordCost?: PasswordCost;
  /** Every proof must contain one of these. @defaultValue no nonce is demanded */
  readonly nonces?: Nonces | undefined;
  readonly preset: PresetName;
  readonly registration: 'open' | 'off';
  readonly lifetimes: Lifetimes;
  readonly limits: RequestLimits;
  readonly signing: SigningOptions;
  readonly audit: Audit;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

/** How tokens are signed. */
export interface SigningOptions {
  readonly algorithm: SigningAlgorithm;
  readonly rotationSeconds: number;
  /** What private keys are encrypted with in the database, newest first. */
  readonly encryptionSecrets: readonly string[];
}

/** Puts the parts together. */
export async function createContext(options: ContextOptions): Promise<ServerContext> {
  const { issuer, resources, database, lifetimes, limits, registration, audit } = options;
  const { clock = systemClock, nonces, preset, signing } = options;
  const { db } = database;
  const policy = POLICIES[preset];
  const replay = createDatabaseReplayStore(db);
  const clients = createClientRegistry({ configured: options.clients, db });
  const { demoUsers = [], passwordCost = PASSWORD_COST } = options;
  const users = createUsers({ db, demo: demoUsers, cost: passwordCost });
  const keys = await createSigningKeys({
    db,
    encryption: createKeyEncryption(signing.encryptionSecrets),
    algorithm: signing.algorithm,
    rotationSeconds: signing.rotationSeconds,
    clock,
    audit,
  });
  return {
    issuer,
    resources,
    policy,
    lifetimes,
    limits,
    registration,
    clock,
    db,
    audit,
    clients,
    users,
    keys,
    sessions: createSessions({ db, users, clock }),
    authenticateClient: createClientAuthentication({
      clients,
      policy,
      issuer,
      endpointUrls: Object.values(ENDPOINTS).map((path) => `${issuer}${path}`),
      replay,
      clock,
    }),
    tokens: createAccessTokens({
      issuer,
      keys,
      lifetimeSeconds: lifetimes.accessTokenSeconds,
      clock,
    }),
    proofs: createProofVerifier({
      publicOrigin: issuer,
      replay,
      preset,
      clock,
      ...(nonces && { nonces }),
    }),
  };
}
