import type { Script } from './redis-client.ts';

/**
 * A part of the records: those of owners whose thumbprint begins with one letter. What one server of a
 * cluster must see together, a record and the mark of its group, has the letter as hash tag.
 */
export interface Group {
  readonly tag: string;
  /** Where the group's mark stands: since when it is complete. */
  readonly markKey: string;
  readonly script: Promise<Script>;
  /** The key of a record. */
  keyOf(id: string): string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 132 bits of the hash: more than anybody can find a second proof for, in 22 characters. */
const ID_CHARS = 22;
/** With these, the tag and {@link ID_CHARS}, no key is longer than 40 bytes. */
export const MAX_PREFIX_CHARS = 15;

/**
 * Adds a record unless it is there, and says since when its group is complete.
 *
 * KEYS: the record, the mark of the group. ARGV: when the record may go in milliseconds (empty: no
 * record), the mark of the attempt, the mark of the group that counts no longer (0: every mark counts;
 * empty: all but those of the last second).
 * Reply: whether this attempt added the record, since when the group is complete in microseconds, and
 * the server's time in seconds and microseconds.
 *
 * Of several processes that find the group's mark outdated at once, one replaces it and the others keep
 * what it wrote: clients are then asked for one nonce and not for several.
 *
 * A command that a client library sends again after a broken connection finds the mark of its own
 * attempt, and is told what its first answer said.
 */
const SCRIPT = `
local time = redis.call('TIME')
local since = redis.call('GET', KEYS[2])
if not since or ARGV[3] ~= '0' then
  local now = time[1] * 1000000 + time[2]
  local outdated = tonumber(ARGV[3]) or now - 1000000
  if not since or tonumber(since) <= outdated then
    since = string.format('%.0f', now)
    redis.call('SET', KEYS[2], since)
  end
end
local added = 0
if ARGV[1] ~= '' then
  if redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PXAT', ARGV[1]) then
    added = 1
  elseif redis.call('GET', KEYS[1]) == ARGV[2] then
    added = 1
  end
end
return { added, since, time[1], time[2] }
`;

/**
 * The groups under a prefix. Each has a script of its own, different in a comment: servers forget their
 * scripts when they end and do not hand them to replicas, so a server that does not know a group's
 * script has started, or taken over, since the group's last proof, and may lack records although the
 * mark is there: from a snapshot, or from a replica that missed the last writes.
 */
export function createGroups(prefix: string): ReadonlyMap<string, Group> {
  return new Map(
    [...LETTERS].map((letter) => {
      const tag = `{${letter}}`;
      const group: Group = {
        tag,
        markKey: `${prefix}${tag}`,
        script: scriptOf(`-- Keybound replay guard, group ${letter}${SCRIPT}`),
        keyOf: (id) => `${prefix}${tag}${id.slice(0, ID_CHARS)}`,
      };
      return [letter, group];
    }),
  );
}

async function scriptOf(text: string): Promise<Script> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  const sha = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { text, sha: sha.join('') };
}
