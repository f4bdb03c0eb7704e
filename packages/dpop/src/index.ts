export { createDpopAuthenticator, type DpopAuthenticatorOptions } from './authenticator.ts';
export { createMemoryReplayStore, type MemoryReplayStoreOptions } from './memory-replay-store.ts';
export { createNonces, type NonceState, type Nonces, type NoncesOptions } from './nonces.ts';
export { PRESETS, type Preset, type PresetName } from './presets.ts';
export type { ProofOptions } from './proof-checks.ts';
export { createProofVerifier, type PresentedProof, type ProofVerifier } from './proof-verifier.ts';
export type { TargetUriOptions } from './target-uri.ts';
export type { WindowOptions } from './window.ts';
