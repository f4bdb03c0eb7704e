export { createDpopAuthenticator, type DpopAuthenticatorOptions } from './authenticator.ts';
export { createNonces, type JudgedNonce, type Nonces, type NoncesOptions } from './nonces.ts';
export { PRESETS, type Preset, type PresetName } from './presets.ts';
export type { ProofOptions } from './proof-checks.ts';
export { createProofVerifier, type PresentedProof, type ProofVerifier } from './proof-verifier.ts';
export type { TrustedProxies } from './proxies.ts';
export {
  createMemoryReplayStore,
  type MemoryReplayStore,
  type MemoryReplayStoreOptions,
} from './replay/memory-replay-store.ts';
export { createReportOnlyAuthenticator } from './report-only.ts';
export type { TargetUriOptions } from './target-uri.ts';
export type { WindowOptions } from './window.ts';
