import type { FieldLine, RequestTest } from '../src/format.ts';

/** What a request differs in beside its fields. */
interface Changes {
  /** @defaultValue /r */
  readonly target?: string;
  /** @defaultValue GET */
  readonly method?: string;
  readonly body?: string;
}

/** A request with exactly these fields. */
export function fields(
  given: readonly FieldLine[],
  { target = '/r', method = 'GET', body }: Changes = {},
): Pick<RequestTest, 'request'> {
  return { request: { method, target, fields: given, ...(body !== undefined && { body }) } };
}
