import type { IssuerMetadata } from '@keybound/core';
import type { IssuerKeys } from '../../inspector/inspect.ts';
import type { LabConfig } from '../lab-config.ts';

/**
 * The public keys of the lab's own issuer, so that its tokens can be verified in the page. The request
 * says nothing of what was pasted. Undefined when they cannot be had; tokens are then not verified.
 */
export async function fetchIssuerKeys(
  { issuer, resource }: LabConfig,
  metadata: IssuerMetadata | undefined,
): Promise<IssuerKeys | undefined> {
  if (typeof metadata?.jwks_uri !== 'string') return undefined;
  try {
    const response = await fetch(metadata.jwks_uri);
    return response.ok ? { issuer, audience: resource, jwks: await response.json() } : undefined;
  } catch {
    return undefined;
  }
}
