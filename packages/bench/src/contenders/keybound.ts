import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Authenticator,
  createGuard,
  createJwtVerifier,
  createKeySet,
  type Guard,
  type ProtectedRequest,
  type ReplayStore,
  type TokenVerifier,
} from '@keybound/core';
import { createDpopAuthenticator } from '@keybound/dpop';
import { createProof, type Signer } from '@keybound/signer';
import { DEPLOYMENT, METHOD, type PresentedRequest, TARGET, URI } from '../requests.ts';
import type { SigningCase } from '../signing-case.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { createUsedReplayStore } from '../used-replay-store.ts';

/** How much a cache may hold, as the packages' options have it. */
interface CacheSize {
  readonly maxEntries?: number;
  readonly maxBytes?: number;
}

/** What the tables vary; left out, what a user gets who says nothing. */
interface KeyboundOptions {
  readonly tokenCache?: 'off' | CacheSize;
  readonly keyCache?: 'off' | CacheSize;
  readonly signatureThread?: 'adaptive' | 'main' | 'pool';
  readonly replay?: ReplayStore;
}

/** The verifier of tokens alone. */
function createTokens(
  { algorithm, jwks }: Suite,
  { tokenCache, signatureThread }: KeyboundOptions,
): TokenVerifier {
  return createJwtVerifier({
    ...DEPLOYMENT,
    keys: createKeySet(jwks),
    algorithms: [algorithm],
    ...(tokenCache !== undefined && { tokenCache }),
    ...(signatureThread !== undefined && { signatureThread }),
  });
}

/** The guard over the DPoP authenticator, with a replay store: what an adapter calls. */
function createDpopGuard(
  { algorithm }: Suite,
  tokens: TokenVerifier,
  { keyCache, signatureThread, replay }: KeyboundOptions,
): Guard {
  return guardOver(
    createDpopAuthenticator({
      tokens,
      publicOrigin: DEPLOYMENT.audience,
      replay: replay ?? createUsedReplayStore(),
      algorithms: [algorithm],
      ...(keyCache !== undefined && { keyCache }),
      ...(signatureThread !== undefined && { signatureThread }),
    }),
  );
}

function guardOver(authenticator: Authenticator): Guard {
  return createGuard({ authenticators: [authenticator] });
}

/** DPoP requests. */
export function createKeyboundDpop(
  suite: Suite,
  name = 'keybound',
  options: KeyboundOptions = {},
): Contender<PresentedRequest> {
  const guard = createDpopGuard(suite, createTokens(suite, options), options);
  return { name, prepare: (request) => decision(guard, request) };
}

/** DPoP requests whose token was presented before, though never with a proof: the key is a new one. */
export function createKeyboundColdKey(suite: Suite): Contender<PresentedRequest> {
  const tokens = createTokens(suite, {});
  const guard = createDpopGuard(suite, tokens, {});
  return {
    name: 'keybound',
    async prepare(request) {
      // What is wrong with a token is for the operation to find out.
      await tokens.verify(request.token).catch(() => undefined);
      return decision(guard, request);
    },
  };
}

/** Bearer requests. */
export function createKeyboundBearer(
  suite: Suite,
  name = 'keybound',
  options: KeyboundOptions = {},
): Contender<PresentedRequest> {
  const guard = guardOver(createBearerAuthenticator({ tokens: createTokens(suite, options) }));
  return { name, prepare: (request) => decision(guard, request) };
}

/** The decision about one request, which throws what it refuses for. */
function decision(guard: Guard, one: PresentedRequest): () => Promise<void> {
  const request = protectedRequest(one);
  return async () => {
    const outcome = await guard.decide(request);
    if (!outcome.granted) throw outcome.error;
  };
}

function protectedRequest({ scheme, token, proof }: PresentedRequest): ProtectedRequest {
  const fields: Readonly<Record<string, readonly string[]>> = {
    authorization: [asReceived(`${scheme} ${token}`)],
    ...(proof !== undefined && { dpop: [asReceived(proof)] }),
  };
  return { method: METHOD, target: TARGET, headers: (name) => fields[name] ?? [] };
}

/** In one piece, as a parser of HTTP makes it, and not as the parts it was put together from. */
function asReceived(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** `createProof` with a signer that made its key itself. */
export function createKeyboundSign(signer: Signer): Contender<SigningCase> {
  return {
    name: 'keybound',
    prepare:
      ({ accessToken }) =>
      () =>
        createProof(signer, { method: METHOD, uri: URI, accessToken }),
  };
}
