import { type Clock, UnavailableError } from '@keybound/core';
import { createMemoryReplayStore, type ProofOptions } from '@keybound/dpop';
import type { RsConfig } from '@keybound/dpop-vectors';

/** The memory of used proofs that a configuration asks for. */
export function replayOf({ replay }: RsConfig, clock: Clock): ProofOptions['replay'] {
  if (replay === 'off') return 'off-accepting-replays';
  if (replay === 'track') return createMemoryReplayStore({ clock });
  return {
    add() {
      throw new UnavailableError('replay_store', 'the vectors have it fail');
    },
  };
}
