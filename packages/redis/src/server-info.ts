/** What INFO says that matters to the store. */
export interface ServerInfo {
  /** Redis compatibility version, such as `[7, 0]`; undefined when it is not told. */
  readonly version: readonly [major: number, minor: number] | undefined;
  /** Used share of the memory limit, from 0 to 1; 0 without a limit. */
  readonly fill: number;
  /** What happens at the limit: `noeviction`, or which keys are thrown away. */
  readonly evictionPolicy: string | undefined;
}

/** Reads the text of INFO; what is missing stays unknown. */
export function parseInfo(text: string): ServerInfo {
  const fields = new Map(
    text.split(/\r?\n/).map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(fields.get('redis_version') ?? '') ?? [];
  const limit = Number(fields.get('maxmemory') ?? 0);
  const used = Number(fields.get('used_memory') ?? 0);
  return {
    version: major === undefined ? undefined : [Number(major), Number(minor)],
    fill: limit > 0 ? Math.min(1, used / limit) : 0,
    evictionPolicy: fields.get('maxmemory_policy'),
  };
}
