import {
  createJwtVerifier,
  createKeySet,
  createTokenIssuer,
  type SignatureAlgorithm,
  type TokenIssuer,
} from '@keybound/core';
import { createTestClock, type TestClock } from '@keybound/test-kit';
import type { AuditEvent } from '../../src/audit.ts';
import type { Queryable } from '../../src/database/database.ts';
import { signingKeys } from '../../src/database/schema.ts';
import { createKeyEncryption } from '../../src/keys/key-encryption.ts';
import type { RotationOptions } from '../../src/keys/rotation.ts';
import type { SigningKeys } from '../../src/keys/signing-keys.ts';

export const SECRET = 'the-operators-secret-of-32-chars-or-more';
export const ROTATION_SECONDS = 30 * 86_400;

const ISSUER = 'https://as.example';
const AUDIENCE = 'https://api.example';
const ALGORITHMS: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Everything instances share, with a clock that stands still. */
export interface KeyWorld {
  readonly clock: TestClock;
  readonly events: AuditEvent[];
  options(overrides?: Partial<RotationOptions>): RotationOptions;
}

export function createKeyWorld(db: Queryable): KeyWorld {
  const clock = createTestClock();
  const events: AuditEvent[] = [];
  return {
    clock,
    events,
    options: (overrides = {}) => ({
      db,
      encryption: createKeyEncryption([SECRET]),
      algorithm: 'ES256',
      rotationSeconds: ROTATION_SECONDS,
      clock,
      audit: (event) => events.push(event),
      ...overrides,
    }),
  };
}

/** The kids in the database: at most one next and one current, any number of retired ones. */
export async function kidsByStatus(
  db: Queryable,
): Promise<{ next: string[]; current: string[]; retired: string[] }> {
  const rows = await db.select().from(signingKeys).orderBy(signingKeys.createdAt);
  const withStatus = (wanted: string): string[] =>
    rows.filter(({ status }) => status === wanted).map(({ kid }) => kid);
  return {
    next: withStatus('next'),
    current: withStatus('current'),
    retired: withStatus('retired'),
  };
}

export async function publishedKids(keys: SigningKeys): Promise<unknown[]> {
  return (await keys.published()).keys.map(({ kid }) => kid);
}

/** A token that lives for an hour, the longest there is. */
export async function issueToken(keys: SigningKeys, clock: TestClock): Promise<string> {
  const issuer: TokenIssuer = createTokenIssuer({
    issuer: ISSUER,
    signingKey: keys.current,
    lifetimeSeconds: 3600,
    clock,
  });
  const { token } = await issuer.issue({
    subject: 'somebody',
    clientId: 'a-client',
    audience: AUDIENCE,
    scope: ['read'],
  });
  return token;
}

/** 'accepted', or the reason a verifier with the published keys has to refuse the token. */
export async function verdict(keys: SigningKeys, token: string, clock: TestClock): Promise<string> {
  const verifier = createJwtVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ALGORITHMS,
    keys: createKeySet(await keys.published()),
    clock,
  });
  return verifier.verify(token).then(
    () => 'accepted',
    ({ reason }: { reason: string }) => reason,
  );
}
