import { createJwtVerifier, createKeySet, createTokenIssuer } from '@keybound/core';

const issuer = 'https://as.example';
const audience = 'https://api.example';
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
const { privateKey, publicKey } = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);

// The authorization server: a token for Alice, bound to the key with this thumbprint.
const signingKey = () => ({ kid: '2026-01', algorithm: 'ES256', privateKey }) as const;
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const contents = { subject: 'alice', clientId: 'notes-app', audience, scope: ['notes:read'], jkt };
const { token } = await createTokenIssuer({ issuer, signingKey }).issue(contents);

// The API: leave `keys` out, and they are found through the metadata of the issuer.
const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: '2026-01' };
const keys = createKeySet({ keys: [jwk] });
export const verified = await createJwtVerifier({ issuer, audience, keys }).verify(token);
