import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import type { ClientMetadata } from '../clients/client.ts';

// Columns called …_hash hold SHA-256 of a secret: what the database shows opens nothing.
// Rows may go as soon as `expires_at` is past; cleaning.ts takes them away.

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** People who can sign in. */
export const users = pgTable('users', {
  /** The subject of tokens; stays when the name changes. */
  id: text('id').primaryKey(),
  username: text('username').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** Browsers in which somebody has signed in. */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text('id_hash').primaryKey(),
    userId: text('user_id').notNull(),
    authenticatedAt: instant('authenticated_at').notNull(),
    acr: text('acr').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('sessions_expires_at').on(table.expiresAt)],
);

/** Clients that registered themselves (RFC 7591). */
export const registeredClients = pgTable(
  'registered_clients',
  {
    clientId: text('client_id').primaryKey(),
    secretHash: text('secret_hash'),
    metadata: jsonb('metadata').$type<ClientMetadata>().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('registered_clients_created_at').on(table.createdAt)],
);

/** Authorization requests that clients pushed (RFC 9126); a row is taken out when it is used. */
export const pushedRequests = pgTable(
  'pushed_requests',
  {
    uriHash: text('uri_hash').primaryKey(),
    request: jsonb('request').$type<AuthorizationRequest>().notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('pushed_requests_expires_at').on(table.expiresAt)],
);

/** Authorization requests that wait for a person; a row is taken out with the decision. */
export const interactions = pgTable(
  'interactions',
  {
    idHash: text('id_hash').primaryKey(),
    /** The browser it belongs to; no other one can see or decide it. */
    browserHash: text('browser_hash').notNull(),
    request: jsonb('request').$type<AuthorizationRequest>().notNull(),
    startedAt: instant('started_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('interactions_expires_at').on(table.expiresAt)],
);

/** What a person has allowed a client; all its tokens end with it. */
export const grants = pgTable(
  'grants',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    userId: text('user_id').notNull(),
    scope: jsonb('scope').$type<readonly string[]>().notNull(),
    resources: jsonb('resources').$type<readonly string[]>().notNull(),
    authenticatedAt: instant('authenticated_at').notNull(),
    acr: text('acr').notNull(),
    createdAt: instant('created_at').notNull(),
    /** No refresh token of the grant lives longer. */
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('grants_expires_at').on(table.expiresAt),
    index('grants_client_id').on(table.clientId),
  ],
);

const grantId = (name: string) => text(name).references(() => grants.id, { onDelete: 'cascade' });

export const authorizationCodes = pgTable(
  'authorization_codes',
  {
    codeHash: text('code_hash').primaryKey(),
    grantId: grantId('grant_id').notNull(),
    redirectUri: text('redirect_uri').notNull(),
    /** Whether the authorization request named it; the token request must repeat it then. */
    redirectUriNamed: boolean('redirect_uri_named').notNull(),
    codeChallenge: text('code_challenge').notNull(),
    /** The key the code is bound to (RFC 9449 §10). */
    dpopJkt: text('dpop_jkt'),
    expiresAt: instant('expires_at').notNull(),
    spentAt: instant('spent_at'),
  },
  (table) => [
    index('authorization_codes_expires_at').on(table.expiresAt),
    index('authorization_codes_grant_id').on(table.grantId),
  ],
);

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    grantId: grantId('grant_id').notNull(),
    /** The key of a public client (RFC 9449 §5). */
    jkt: text('jkt'),
    expiresAt: instant('expires_at').notNull(),
    spentAt: instant('spent_at'),
    /** The token that came after this one. */
    successorHash: text('successor_hash'),
    /** The response it was spent for, sealed with a key made of the token itself. */
    sealedResponse: text('sealed_response'),
  },
  (table) => [
    index('refresh_tokens_expires_at').on(table.expiresAt),
    index('refresh_tokens_grant_id').on(table.grantId),
    index('refresh_tokens_successor_hash').on(table.successorHash),
  ],
);

/** Every access token that was issued, in either form, under the hash of its text. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    /** None for tokens of client credentials. */
    grantId: grantId('grant_id'),
    clientId: text('client_id').notNull(),
    claims: jsonb('claims').$type<Readonly<Record<string, unknown>>>().notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('access_tokens_expires_at').on(table.expiresAt),
    index('access_tokens_grant_id').on(table.grantId),
  ],
);

/** Proofs and client assertions that were used. */
export const usedJtis = pgTable(
  'used_jtis',
  {
    id: text('id').primaryKey(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('used_jtis_expires_at').on(table.expiresAt)],
);

export type KeyStatus = 'next' | 'current' | 'retired';

/** The keys that tokens are signed with. At most one is next and one is current. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    kid: text('kid').primaryKey(),
    status: text('status').$type<KeyStatus>().notNull(),
    algorithm: text('algorithm').notNull(),
    publicJwk: jsonb('public_jwk').$type<Readonly<Record<string, unknown>>>().notNull(),
    /** PKCS #8, sealed with the operator's key. */
    sealedPrivateKey: text('sealed_private_key').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When it became current. */
    activatedAt: instant('activated_at'),
    retiredAt: instant('retired_at'),
  },
  (table) => [
    uniqueIndex('signing_keys_one_per_status').on(table.status).where(sql`status <> 'retired'`),
  ],
);
