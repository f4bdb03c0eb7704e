import { AUTH_REASONS, type AuthReason } from '@keybound/core';

/** The algorithms of our servers, in the order they tell clients. */
const ALGS = 'ES256 ES384 ES512 PS256 Ed25519 EdDSA';

/** The whole challenge of our resource server for one scheme, with the error of a reason or without. */
export function challengeOf(
  api: string,
  scheme: 'Bearer' | 'DPoP',
  reason?: AuthReason,
  scope = 'notes:read',
): string {
  const { code, description } = reason ? AUTH_REASONS[reason] : {};
  return [
    `${scheme} realm="notes"`,
    `resource_metadata="${api}/.well-known/oauth-protected-resource"`,
    ...(scheme === 'DPoP' ? [`algs="${ALGS}"`] : []),
    ...(code ? [`error="${code}"`, `error_description="${description}"`] : []),
    `scope="${scope}"`,
  ].join(', ');
}
