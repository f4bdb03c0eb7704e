/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import type { IssuerMetadata } from '@keybound/core';
import {
  type AccessTokenSource,
  createAuthorizationCodeTokens,
  createBearerFetch,
  createClientCredentialsTokens,
  createDpopFetch,
  createIndexedDbStore,
  createMemoryStore,
  createProof,
  createSharedNonces,
  createSigner,
  createSignerFromKeyPair,
  openSigner,
  parseChallenges,
  readAuthorizationResponse,
  type Signer,
  type SignerError,
  type SignerErrorCode,
  type Store,
  withFallback,
} from '../src/index.ts';
import { createFileStore } from '../src/node.ts';

const origins = ['https://api.example'];

export async function signers(signer: Signer, store: Store): Promise<void> {
  const { publicJwk, sign } = signer;
  // @ts-expect-error a symmetric algorithm
  await createSigner({ algorithm: 'HS256' });
  // @ts-expect-error a misspelt option
  await createSigner({ alg: 'ES256' });
  // @ts-expect-error an option that would let the private key out
  await createSigner({ extractable: true });
  // @ts-expect-error one key where a pair is needed
  await createSignerFromKeyPair(({} as CryptoKeyPair).privateKey, 'ES256');
  // @ts-expect-error no store
  await openSigner({ name: 'key' });
  // @ts-expect-error a signer of one's own without the public half
  const headless: Signer = { algorithm: 'ES256', sign };
  // @ts-expect-error a signer of one's own with a private member in the public half
  const leaky: Signer = { algorithm: 'ES256', sign, publicJwk: { ...ecKey, d: '' } };
  // @ts-expect-error the algorithm is changed
  signer.algorithm = 'RS256';
  // @ts-expect-error a private key is asked for
  void signer.privateKey;
  // @ts-expect-error a signer that is still promised
  createDpopFetch({ signer: createSigner(), origins });
  void [headless, leaky];

  const hardware: Signer = { algorithm: 'ES256', publicJwk, sign: async (octets) => octets };
  const opened: Signer = await openSigner({ store });
  void [hardware, opened];
}

const ecKey = { kty: 'EC', crv: 'P-256', x: '', y: '' } as const;

export function fetches(signer: Signer, accessToken: AccessTokenSource): void {
  // @ts-expect-error no list of origins, so that any server could get the token
  createDpopFetch({ signer, accessToken });
  // @ts-expect-error one origin as text
  createDpopFetch({ signer, accessToken, origins: 'https://api.example' });
  // @ts-expect-error no key
  createDpopFetch({ accessToken, origins });
  // @ts-expect-error a token as text, which nobody could renew
  createDpopFetch({ signer, accessToken: 'eyJ', origins });
  // @ts-expect-error an option that does not exist
  createDpopFetch({ signer, accessToken, origins, retries: 3 });
  // @ts-expect-error a set in place of a store of nonces
  createDpopFetch({ signer, accessToken, origins, nonces: new Set<string>() });
  // @ts-expect-error a bearer fetch without a token
  createBearerFetch({ origins });
  // @ts-expect-error a key where the token is not bound
  createBearerFetch({ signer, accessToken, origins });

  const nonces = createSharedNonces();
  const signing: typeof fetch = createDpopFetch({ signer, accessToken, origins, nonces });
  const withoutToken: typeof fetch = createDpopFetch({ signer, origins });
  const plain: typeof fetch = createBearerFetch({ accessToken, origins });
  void [signing, withoutToken, plain];
}

export async function proofs(signer: Signer): Promise<void> {
  // @ts-expect-error no method
  await createProof(signer, { uri: 'https://api.example/notes' });
  // @ts-expect-error no URI
  await createProof(signer, { method: 'GET' });
  // @ts-expect-error a claim of one's own
  await createProof(signer, { method: 'GET', uri: 'https://api.example/notes', jti: '1' });

  const proof: string = await createProof(signer, {
    method: 'GET',
    uri: new URL(origins[0] ?? ''),
  });
  void proof;
}

export async function tokens(
  metadata: IssuerMetadata,
  signer: Signer,
  store: Store,
): Promise<void> {
  const code = { metadata, clientId: 'app', redirectUri: 'https://app.example/', store };
  const service = { tokenEndpoint: 'https://as.example/token', clientId: 'backup' };
  // @ts-expect-error a secret in a client that cannot keep one
  createAuthorizationCodeTokens({ ...code, clientSecret: 's' });
  // @ts-expect-error nowhere to keep tokens
  createAuthorizationCodeTokens({ ...code, store: undefined });
  // @ts-expect-error the name of a server in place of its metadata
  createAuthorizationCodeTokens({ ...code, metadata: 'https://as.example' });
  // @ts-expect-error a service without a secret
  createClientCredentialsTokens(service);
  // @ts-expect-error scope values as a list
  createClientCredentialsTokens({ ...service, clientSecret: 's', scope: ['notes:read'] });
  // @ts-expect-error an answer whose `iss` nobody said how to judge
  readAuthorizationResponse('https://app.example/', { issuer: 'https://as.example' });
  // @ts-expect-error a URL to go to that is still promised
  location.assign(createAuthorizationCodeTokens(code).begin());

  // Both kinds of tokens are what a `fetch` takes.
  const { accessToken } = createAuthorizationCodeTokens({ ...code, signer });
  createDpopFetch({ signer, accessToken, origins });
  const ofService = createClientCredentialsTokens({ ...service, clientSecret: 's', signer });
  createDpopFetch({ signer, accessToken: ofService, origins });
}

export function stores(store: Store): void {
  // @ts-expect-error a map, which could not decide who comes first
  const map: Store = new Map<string, unknown>();
  // @ts-expect-error a store that does not say whether keys have to be extractable
  const silent: Store = { get: store.get, set: store.set, add: store.add, delete: store.delete };
  // @ts-expect-error a database without a name
  createIndexedDbStore({});
  // @ts-expect-error a file without a passphrase
  createFileStore({ path: 'tokens' });
  // @ts-expect-error a fallback that nobody hears of
  withFallback(store, {});
  void [map, silent];

  const kept: readonly Store[] = [
    createMemoryStore(),
    createIndexedDbStore({ database: 'app' }),
    createFileStore({ path: 'tokens', passphrase: 'a long one' }),
    withFallback(store, { onFallback: () => {} }),
  ];
  void kept;
}

export function errors(error: SignerError, code: SignerErrorCode): void {
  // @ts-expect-error a code that does not exist
  if (error.code === 'network_failed') return;
  // @ts-expect-error a response that may not be there
  void error.response.status;
  // @ts-expect-error the code is changed
  error.code = 'signed_out';
  switch (code) {
    case 'signed_out':
    case 'grant_ended':
      break;
    default:
      // @ts-expect-error a switch over codes that forgets some
      code satisfies never;
  }
  const [challenge] = parseChallenges('DPoP algs="ES256"');
  // @ts-expect-error a challenge that may not be there
  void challenge.scheme;
  // @ts-expect-error a parameter is added to what a server said
  challenge?.parameters.set('algs', 'none');
}
