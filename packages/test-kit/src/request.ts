/** A request in the shape the checks take. */
export interface TestRequest {
  readonly method: string;
  readonly target: string;
  headers(name: string): readonly string[];
}

/** Header field lines by lower-case name; a list stands for several lines. */
export type FieldLines = Readonly<Record<string, string | readonly string[]>>;

/** `GET /r` with these fields, unless told otherwise. */
export function testRequest(
  fields: FieldLines = {},
  { method = 'GET', target = '/r' }: { method?: string; target?: string } = {},
): TestRequest {
  return {
    method,
    target,
    headers(name: string): readonly string[] {
      const lines = fields[name];
      return lines === undefined ? [] : typeof lines === 'string' ? [lines] : lines;
    },
  };
}
