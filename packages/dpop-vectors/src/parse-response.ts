import type { FieldLine } from './format.ts';

/** An HTTP/1.1 response as it came. */
export interface RawResponse {
  /** The status code of the final response. */
  readonly status: number;
  /** The field lines in their order, names as they were spelled; each character is one byte. */
  readonly fields: readonly FieldLine[];
  /** The content, read as UTF-8. */
  readonly body: string;
}

interface Circumstances {
  /** The request was HEAD: there is no content. */
  readonly isHead: boolean;
  /** The server sends no more. */
  readonly isClosed: boolean;
}

/**
 * Parses the first final response in the bytes; undefined while it is not whole.
 *
 * @throws Error when it is none of HTTP/1.1.
 */
export function parseResponse(
  bytes: Buffer,
  circumstances: Circumstances,
): RawResponse | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const code = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (code === undefined) throw new Error(`not a status line: ${JSON.stringify(statusLine)}`);
  const status = Number(code);
  const rest = bytes.subarray(end + 4);
  if (status < 200) return parseResponse(rest, circumstances);
  const fields = lines.map(fieldLine);
  const content =
    circumstances.isHead || status === 204 || status === 304
      ? Buffer.alloc(0)
      : contentOf(rest, fields, circumstances.isClosed);
  return content === undefined ? undefined : { status, fields, body: content.toString() };
}

function fieldLine(line: string): FieldLine {
  const colon = line.indexOf(':');
  if (colon < 1) throw new Error(`not a field line: ${JSON.stringify(line)}`);
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function contentOf(
  rest: Buffer,
  fields: readonly FieldLine[],
  isClosed: boolean,
): Buffer | undefined {
  const value = (name: string): string | undefined =>
    fields.find(([own]) => own.toLowerCase() === name)?.[1];
  if (value('transfer-encoding')?.toLowerCase() === 'chunked') return dechunked(rest);
  const length = value('content-length');
  if (length === undefined) return isClosed ? rest : undefined;
  if (!/^\d+$/.test(length)) throw new Error(`not a length: ${JSON.stringify(length)}`);
  return rest.length < Number(length) ? undefined : rest.subarray(0, Number(length));
}

/** Joins the chunks; undefined while the last one is not there. */
function dechunked(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = /^[0-9a-f]+/i.exec(bytes.toString('latin1', at, end))?.[0];
    if (size === undefined) throw new Error('not the size of a chunk');
    const length = Number.parseInt(size, 16);
    if (length === 0) return isTrailerWhole(bytes, end) ? Buffer.concat(chunks) : undefined;
    const start = end + 2;
    if (bytes.length < start + length + 2) return undefined;
    chunks.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
}

function isTrailerWhole(bytes: Buffer, end: number): boolean {
  return bytes.indexOf('\r\n\r\n', end) >= 0;
}
