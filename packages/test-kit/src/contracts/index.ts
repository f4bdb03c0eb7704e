export {
  type ContractReplayStore,
  type ContractStoreFactory,
  replayStoreContract,
} from './replay-store.ts';
