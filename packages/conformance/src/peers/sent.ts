import type { JsonObject, RequestVector } from '@keybound/dpop-vectors';

/** What a case sends, read as leniently as can be: to see what the case is about, never to decide it. */
export interface SentJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** The values of a field, in their order. */
export function valuesOf({ fields }: RequestVector, name: string): readonly string[] {
  return fields.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
}

/** The scheme and the token of the first `Authorization` field. */
export function credentialsOf(request: RequestVector): { scheme: string; token: string } {
  const [, scheme = '', token = ''] =
    /^(\S+) +(.*)$/s.exec(valuesOf(request, 'authorization')[0] ?? '') ?? [];
  return { scheme: scheme.toLowerCase(), token };
}

/** The proof of the first `DPoP` field. */
export function sentProof(request: RequestVector): SentJws {
  return readJws(valuesOf(request, 'dpop')[0] ?? '');
}

/** Header and payload; an empty object where there is none to be read. */
export function readJws(text: string): SentJws {
  const [header = '', payload = ''] = text.split('.');
  return { header: readPart(header), payload: readPart(payload) };
}

function readPart(part: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
