import type { FieldLine, RequestVector } from '../src/format.ts';

/** Lines and a body as the bytes of an HTTP/1.1 message; each character is one byte. */
export function rawMessage(lines: readonly string[], body = ''): string {
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** How bytes differ from those of an ordinary client. */
export interface RawVariation {
  /** In the place of the whole first line. */
  readonly requestLine?: string;
  /** Null leaves the field out. @defaultValue rs.example */
  readonly host?: string | null;
  /** Whole lines behind the fields, as they stand. */
  readonly lines?: readonly string[];
  /** In the place of a line of a field, by its name. */
  readonly replace?: Readonly<Record<string, string>>;
}

/** A request as an ordinary client writes it, with deviations. */
export function rawRequest(
  { method, target, fields, body = '' }: RequestVector,
  { requestLine, host = 'rs.example', lines = [], replace = {} }: RawVariation = {},
): string {
  const line = ([name, value]: FieldLine): string => replace[name] ?? `${name}: ${value}`;
  return rawMessage(
    [
      requestLine ?? `${method} ${target} HTTP/1.1`,
      ...(host === null ? [] : [`Host: ${host}`]),
      ...fields.map(line),
      ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ...lines,
      'Connection: close',
    ],
    body,
  );
}
