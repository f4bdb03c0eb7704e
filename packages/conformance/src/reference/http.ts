import type {
  AsConfig,
  AsEndpoint,
  AsRequestVector,
  FieldLine,
  RequestVector,
} from '@keybound/dpop-vectors';
import { Refusal } from './fault.ts';
import { valuesOf } from './fields.ts';
import type { Switches } from './switches.ts';

const MAX_CHARS = 16_384;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.1$/;
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\u0080-\u00ff]*)$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

/** Reads the bytes of one request (RFC 9112), each of them a character. */
export function parseHttp(raw: string, switches: Switches): RequestVector {
  const end = raw.indexOf('\r\n\r\n');
  const [first = '', ...lines] = raw.slice(0, end).split('\r\n');
  if (end < 0 || end > MAX_CHARS) throw bad('no end of the fields', 431);
  const [, method = '', target = ''] = REQUEST_LINE.exec(first) ?? [];
  if (!METHODS.includes(method)) throw bad('an unknown method', 501);
  const fields = lines.map((line): FieldLine => {
    const [, name, value] = FIELD_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw bad('not a field');
    return [name, value];
  });
  if (valuesOf(fields, 'host').length !== 1) throw bad('not one Host');
  const body = raw.slice(end + 4);
  const [length = '0', ...more] = valuesOf(fields, 'content-length');
  const isPlain = more.length === 0 && valuesOf(fields, 'transfer-encoding').length === 0;
  if (!isPlain || length !== String(body.length)) throw bad('another length');
  return {
    method: override(fields, OVERRIDES, 'method-override-honoured', switches) ?? method,
    target: override(fields, ['x-original-url'], 'original-url-trusted', switches) ?? target,
    fields,
    body,
  };
}

function override(
  fields: readonly FieldLine[],
  names: readonly string[],
  by: 'method-override-honoured' | 'original-url-trusted',
  switches: Switches,
): string | undefined {
  return switches.has(by) ? names.flatMap((name) => valuesOf(fields, name))[0] : undefined;
}

/** The request of a client, or of a resource server, to one of the endpoints. */
export function atEndpoint(
  { endpoints }: AsConfig,
  { method, target, fields, body = '' }: RequestVector,
): AsRequestVector {
  const [path, query = ''] = target.split('?');
  const names = Object.keys(endpoints) as AsEndpoint[];
  const endpoint = names.find((name) => new URL(endpoints[name]).pathname === path);
  if (endpoint === undefined) throw bad('no endpoint', 404);
  const isRead = endpoint === 'authorization' || endpoint === 'metadata';
  if (method !== (isRead ? 'GET' : 'POST')) throw bad('another method', 405);
  const [type = ''] = valuesOf(fields, 'content-type');
  if (!isRead && !/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
    throw bad('not a form', 415);
  }
  return { endpoint, method, fields, form: [...new URLSearchParams(isRead ? query : body)] };
}

function bad(what: string, status = 400): Refusal {
  return new Refusal('invalid_request', what, status);
}
