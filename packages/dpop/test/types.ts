/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import {
  type Authenticator,
  createGuard,
  type DpopContext,
  type ProtectedRequest,
  type TokenVerifier,
} from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
  type Nonces,
  PRESETS,
  type PresetName,
  type ProofVerifier,
} from '../src/index.ts';

const publicOrigin = 'https://rs.example';
const replay = createMemoryReplayStore();
const secrets = (): readonly string[] => ['0123456789abcdef0123456789abcdef'];

export function options(tokens: TokenVerifier, nonces: Nonces): void {
  const given = { tokens, publicOrigin, replay };
  // @ts-expect-error no replay store, and no word that replays are accepted
  createDpopAuthenticator({ tokens, publicOrigin });
  // @ts-expect-error replays accepted without saying so
  createDpopAuthenticator({ ...given, replay: 'off' });
  // @ts-expect-error replays accepted by a boolean
  createDpopAuthenticator({ ...given, replay: false });
  // @ts-expect-error a set in place of a store
  createDpopAuthenticator({ ...given, replay: new Set() });
  // @ts-expect-error no origin to compare `htu` with
  createDpopAuthenticator({ tokens, replay });
  // @ts-expect-error no verifier of tokens
  createDpopAuthenticator({ publicOrigin, replay });
  // @ts-expect-error a preset that does not exist
  createDpopAuthenticator({ ...given, preset: 'fast' });
  // @ts-expect-error a misspelt option
  createDpopAuthenticator({ ...given, maxAge: 60 });
  // @ts-expect-error a duration as text
  createDpopAuthenticator({ ...given, maxAgeSeconds: '60s' });
  // @ts-expect-error the algorithm none
  createDpopAuthenticator({ ...given, algorithms: ['none'] });
  // @ts-expect-error secrets in place of nonces
  createDpopAuthenticator({ ...given, nonces: secrets });
  // @ts-expect-error proxies trusted by list, which needs a test for addresses
  createDpopAuthenticator({ ...given, proxies: { trusts: ['10.0.0.1'], fields: 'forwarded' } });
  // @ts-expect-error every proxy trusted
  createDpopAuthenticator({ ...given, proxies: true });
  // @ts-expect-error proxies without the convention they keep
  createDpopAuthenticator({ ...given, proxies: { trusts: () => true } });
  // @ts-expect-error tokens where an authorization server has none to verify
  createProofVerifier({ ...given, token: tokens });
  // @ts-expect-error secrets as a list, which could never change
  createNonces({ secrets: secrets(), server: publicOrigin });
  // @ts-expect-error nonces of no server
  createNonces({ secrets });
  // @ts-expect-error a word about the past that does not exist
  createMemoryReplayStore({ before: 'unknown' });

  createDpopAuthenticator({ ...given, replay: 'off-accepting-replays', preset: 'fapi', nonces });
  createDpopAuthenticator({ ...given, nonces: createNonces({ secrets, server: publicOrigin }) });
}

export async function contexts(tokens: TokenVerifier, request: ProtectedRequest): Promise<void> {
  const authenticator: Authenticator<DpopContext> = createDpopAuthenticator({
    tokens,
    publicOrigin,
    replay,
  });
  const { context } = await authenticator.authenticate(request, '');
  // @ts-expect-error the thumbprint is changed
  context.jkt = 'another';
  // @ts-expect-error the scheme of tokens that are not bound
  if (context.scheme === 'Bearer') return;

  const jkt: string = context.jkt;
  createGuard({ authenticators: [authenticator] });
  void jkt;
}

export async function proofs(verifier: ProofVerifier, request: ProtectedRequest): Promise<void> {
  const proof = await verifier.verify(request);
  // @ts-expect-error the key of a request that may have come without a proof
  void proof.jkt;
  // @ts-expect-error algorithms are added to those that are enforced
  verifier.algorithms.push('RS256');

  const jkt: string | undefined = proof?.jkt;
  void jkt;
}

export async function data(nonces: Nonces, name: PresetName): Promise<void> {
  // @ts-expect-error the window of a preset is widened
  PRESETS.fapi.maxAgeSeconds = 600;
  // @ts-expect-error an algorithm is added to a preset
  PRESETS.fapi.algorithms.push('RS256');
  // @ts-expect-error a nonce that may not be ours
  void (await nonces.judge('x')).state;
  // @ts-expect-error a promise, from a store that answers at once
  void replay.add(record).then;

  // Nor is its status ever unknown.
  const { completeSince }: { completeSince: number } = replay.add(record);
  const { fill } = replay.status();
  switch (name) {
    case 'default':
    case 'mcp':
    case 'fapi':
      break;
    default:
      name satisfies never;
  }
  void [completeSince, fill];
}

const record = { id: '', owner: '', usableFrom: 0, rememberUntil: 1 };
