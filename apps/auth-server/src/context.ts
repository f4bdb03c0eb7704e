import type { ProofVerifier } from '@keybound/dpop';
import type { ClientRegistry } from './clients/client.ts';
import type { SigningKeys } from './keys/signing-keys.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';

/** What the routes of the server work with. */
export interface ServerContext {
  readonly issuer: string;
  /** The audiences tokens may be issued for; the first one is the default. */
  readonly resources: readonly string[];
  readonly clients: ClientRegistry;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly proofs: ProofVerifier;
}
