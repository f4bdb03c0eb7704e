export {
  type AdapterUnderTest,
  adapterContract,
  CACHEABLE,
  type ContractRoute,
} from './adapter.ts';
export {
  type ContractDeployment,
  proofsOnceContract,
  type Skews,
} from './proofs-once.ts';
export {
  type ContractReplayStore,
  type ContractStoreFactory,
  replayStoreContract,
} from './replay-store.ts';
