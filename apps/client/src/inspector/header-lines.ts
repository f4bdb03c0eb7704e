import { type PastedField, type PastedRequest, pastedRequest, valuesOf } from './pasted-request.ts';

const REQUEST_LINE =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(https?:\/\/\S+|\/\S*)(?:[ \t]+HTTP\/[0-9.]+)?$/i;
/** HTTP/2 has fields in place of the request line; their names begin with a colon. */
const FIELD = /^(:?[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)$/;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]*)?$/i;

/** The request in header lines, with a request line before them or without. Other lines are passed over. */
export function parseHeaderLines(text: string): PastedRequest {
  const lines = unfold(headerSection(text));
  const [, method, target] = REQUEST_LINE.exec(lines[0] ?? '') ?? [];
  const fields = lines.flatMap((line): PastedField[] => {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    return name === undefined ? [] : [[name.toLowerCase(), value.trim()]];
  });
  return pastedRequest(fields, {
    method: method ?? valuesOf(fields, ':method')[0],
    url: absolute(target ?? valuesOf(fields, ':path')[0], fields),
  });
}

/** The lines up to the body, without what `curl -v` and indented documents put before each of them. */
function headerSection(text: string): readonly string[] {
  const all = text.split(/\r\n|\r|\n/);
  const sent = all.filter((line) => /^> ?/.test(line)).map((line) => line.replace(/^> ?/, ''));
  const lines = sent.length > 0 ? sent : all;
  const start = lines.findIndex((line) => line.trim() !== '');
  const [indent = ''] = /^[ \t]*/.exec(lines[start] ?? '') ?? [];
  const own = lines
    .slice(Math.max(start, 0))
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd());
  const end = own.indexOf('');
  return end < 0 ? own : own.slice(0, end);
}

/** A line that begins with a blank goes on with the field before it (RFC 9112 §5.2). */
function unfold(lines: readonly string[]): readonly string[] {
  const unfolded: string[] = [];
  for (const line of lines) {
    const last = unfolded.length - 1;
    if (last >= 0 && /^[ \t]/.test(line)) unfolded[last] += ` ${line.trim()}`;
    else unfolded.push(line);
  }
  return unfolded;
}

/** A path alone does not tell the scheme: https, as tokens demand, but for servers of this machine. */
function absolute(target: string | undefined, fields: readonly PastedField[]): string | undefined {
  const host = valuesOf(fields, 'host')[0] ?? valuesOf(fields, ':authority')[0] ?? '';
  if (target === undefined || host === '' || !target.startsWith('/')) return target;
  const scheme = valuesOf(fields, ':scheme')[0] ?? (LOOPBACK.test(host) ? 'http' : 'https');
  return `${scheme}://${host}${target}`;
}
