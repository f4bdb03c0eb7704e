import { type Awaitable, isPromised } from './crypto/runtime-crypto.ts';
import { isUnavailableError, UnavailableError } from './errors/unavailable-error.ts';

/** One used proof. */
export interface ReplayRecord {
  /**
   * The SHA-256 hash of the proof's key thumbprint and `jti` as 43 base64url characters. Never made
   * from the proof's text, which a third party can respell without the key.
   */
  readonly id: string;
  /**
   * The key's thumbprint, or another SHA-256 hash as 43 base64url characters that all records of one
   * client have in common. A store may keep what belongs to one owner in one place.
   */
  readonly owner: string;
  /** Seconds since 1970-01-01T00:00:00Z before which the proof could not have been accepted. */
  readonly usableFrom: number;
  /** Seconds since 1970-01-01T00:00:00Z until which the record must not be forgotten. */
  readonly rememberUntil: number;
}

/** What a store says of one record. */
export interface ReplayAnswer {
  /** Whether the record was not there; now it is. */
  readonly isNew: boolean;
  /**
   * Seconds since 1970-01-01T00:00:00Z since when nothing has been lost where this record is kept; 0
   * when nothing ever is. A proof that was usable before may have been used before, whatever `isNew`
   * says: who asks must compare it with `usableFrom`.
   */
  readonly completeSince: number;
}

/** What a store knows of itself without asking anybody. */
export interface ReplayStoreStatus {
  /** How full it is: from 0 to 1, where 1 refuses. */
  readonly fill: number;
  /** The latest {@link ReplayAnswer.completeSince} of all its parts. */
  readonly completeSince: number;
}

/**
 * The memory of used proofs. Implementations keep every record until its `rememberUntil` at least;
 * one that cannot (full, out of reach) throws instead of forgetting, and one that has lost records all
 * the same says since when it is complete.
 */
export interface ReplayStore {
  /**
   * Adds a record unless it is there already, in one atomic step: of any number of parallel calls
   * with one `id`, in any number of processes that share the store, exactly one gets `isNew: true`.
   *
   * @throws UnavailableError `replay_store` when the record can be neither found nor added.
   */
  add(record: ReplayRecord): Awaitable<ReplayAnswer>;
  /** Left out by stores that know nothing of the kind. Asked for every request. */
  status?(): ReplayStoreStatus;
}

/**
 * The answer of a store, whatever the store does: what it throws, and what is no answer, becomes an
 * outage, because nothing is known of the proof then.
 *
 * @throws UnavailableError `replay_store`
 */
export function addReplayRecord(store: ReplayStore, record: ReplayRecord): Awaitable<ReplayAnswer> {
  let answer: Awaitable<ReplayAnswer>;
  try {
    answer = store.add(record);
  } catch (cause) {
    throw outageOf(cause);
  }
  if (!isPromised(answer)) return readAnswer(answer);
  return answer.then(readAnswer, (cause: unknown) => {
    throw outageOf(cause);
  });
}

function readAnswer(answer: ReplayAnswer): ReplayAnswer {
  if (typeof answer?.isNew !== 'boolean' || !Number.isFinite(answer.completeSince)) {
    throw new UnavailableError('replay_store', 'the replay store gave no answer that can be read');
  }
  return answer;
}

function outageOf(cause: unknown): UnavailableError {
  if (isUnavailableError(cause)) return cause;
  return new UnavailableError('replay_store', 'the replay store failed', { cause });
}
