import {
  fetchIssuerMetadata,
  type IssuerMetadata,
  isJsonObject,
  type JsonObject,
} from '@keybound/core';
import {
  type AuthorizationCodeTokens,
  chooseAlgorithm,
  createAuthorizationCodeTokens,
  createIndexedDbStore,
  createSharedNonces,
  openSigner,
  type Signer,
  type Store,
  withFallback,
} from '@keybound/signer';
import type { TokenKind } from '../../comparison/sign-ins.ts';
import type { LabConfig } from '../lab-config.ts';
import {
  ANSWER_KEY,
  openSignInWindow,
  REDIRECT_KEY,
  type SignInWindow,
  tabStorage,
} from './windows.ts';

/** The order in which a visitor signs in to the lanes. */
const KINDS: readonly TokenKind[] = ['dpop', 'jwt', 'opaque'];

/** A visitor's sign-ins and the key they have in this browser. */
export interface Visitor {
  readonly metadata: IssuerMetadata;
  readonly signer: Signer;
  readonly store: Store;
  readonly tokens: Readonly<Record<TokenKind, AuthorizationCodeTokens>>;
  /** Whether the visitor is signed in to every lane. */
  isSignedIn(): Promise<boolean>;
  /**
   * Signs in to every lane in a window of its own.
   *
   * @throws WindowBlockedError, WindowClosedError, SignerError
   */
  signInWithWindow(onStep: (step: number) => void): Promise<void>;
  /** Goes to the authorization server with this very page; {@link resume} goes on afterwards. */
  signInWithRedirect(): Promise<void>;
  /**
   * Takes up an answer that this page was sent back with, and goes on with the next lane.
   *
   * @returns whether there was one
   */
  resume(): Promise<boolean>;
  signOut(): Promise<void>;
}

/** The name of the visitor's key in the store. */
export const KEY_NAME = 'visitor';

/**
 * Opens what this browser keeps of the visitor, or begins anew.
 *
 * @param onFallback - hears that nothing can be kept beyond this page
 * @throws UnavailableError when the authorization server does not answer.
 */
export async function openVisitor(
  config: LabConfig,
  onFallback: (cause: unknown) => void,
): Promise<Visitor> {
  const metadata = await fetchIssuerMetadata(config.issuer);
  const store = withFallback(createIndexedDbStore({ database: 'keybound-lab' }), { onFallback });
  const algorithm = chooseAlgorithm(
    algorithmsOf(metadata),
    algorithmsOf(await fetchResourceMetadata(config.resource)),
  );
  const signer = await openSigner({ store, name: KEY_NAME, algorithm });
  const nonces = createSharedNonces();

  function open(kind: TokenKind): AuthorizationCodeTokens {
    return createAuthorizationCodeTokens({
      metadata,
      clientId: config.apps[kind],
      redirectUri: `${config.labOrigin}/callback.html`,
      resource: config.resource,
      store,
      name: kind,
      nonces,
      ...(kind === 'dpop' && { signer }),
    });
  }
  const tokens = { dpop: open('dpop'), jwt: open('jwt'), opaque: open('opaque') };

  async function missing(): Promise<readonly TokenKind[]> {
    const states = await Promise.all(KINDS.map((kind) => tokens[kind].isSignedIn()));
    return KINDS.filter((_, index) => !states[index]);
  }

  async function goAway(): Promise<void> {
    const [next] = await missing();
    if (next === undefined) return;
    const url = await tokens[next].begin();
    tabStorage.set(REDIRECT_KEY, next);
    location.assign(url);
    // The page is about to go; nothing that follows may run.
    await new Promise(() => {});
  }

  return {
    metadata,
    signer,
    store,
    tokens,
    isSignedIn: async () => (await missing()).length === 0,
    async signInWithWindow(onStep): Promise<void> {
      tabStorage.remove(REDIRECT_KEY);
      const opened: SignInWindow = openSignInWindow();
      try {
        for (const [step, kind] of (await missing()).entries()) {
          onStep(step + 1);
          await tokens[kind].complete(await opened.visit(await tokens[kind].begin()));
        }
      } finally {
        opened.close();
      }
    },
    signInWithRedirect: goAway,
    async resume(): Promise<boolean> {
      const kind = KINDS.find((one) => one === tabStorage.get(REDIRECT_KEY));
      const answer = tabStorage.get(ANSWER_KEY);
      tabStorage.remove(REDIRECT_KEY);
      tabStorage.remove(ANSWER_KEY);
      if (kind === undefined || answer === null) return false;
      await tokens[kind].complete(answer);
      await goAway();
      return true;
    },
    async signOut(): Promise<void> {
      const outcomes = await Promise.allSettled(KINDS.map((kind) => tokens[kind].end()));
      const failure = outcomes.find(({ status }) => status === 'rejected');
      if (failure?.status === 'rejected') throw failure.reason;
    },
  };
}

function algorithmsOf(metadata: JsonObject): readonly string[] | undefined {
  const accepted = metadata.dpop_signing_alg_values_supported;
  return Array.isArray(accepted) ? accepted.map(String) : undefined;
}

/** What the API says of itself (RFC 9728); nothing while it is down, which must not keep the lab shut. */
async function fetchResourceMetadata(resource: string): Promise<JsonObject> {
  try {
    const response = await fetch(`${resource}/.well-known/oauth-protected-resource`);
    const body: unknown = await response.json();
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}
