import { type AuthError, type HeaderList, isAuthError } from '@keybound/core';
import type { Decision, FieldLine } from '@keybound/dpop-vectors';

/** The error code of the first challenge that has one; null when none has. */
export function challengeError(fields: readonly FieldLine[]): string | null {
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== 'www-authenticate') continue;
    const [, error] = /[ ,]error="([^"]*)"/.exec(value) ?? [];
    if (error !== undefined) return error;
  }
  return null;
}

/** An answer on the wire as a decision: what is not 2xx is a refusal. */
export function decisionOf(status: number, fields: HeaderList, body: string): Decision {
  const json = parseJson(body);
  const error = challengeError(fields) ?? (typeof json?.error === 'string' ? json.error : null);
  return {
    decision: status >= 200 && status < 300 ? 'accept' : 'reject',
    status,
    fields,
    ...(json && { body: json }),
    error: status >= 400 ? error : null,
  };
}

/** The decision of a verifier that throws what it refuses for. */
export async function decisionOfCall(call: () => unknown): Promise<Decision> {
  try {
    await call();
    return { decision: 'accept' };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { decision: 'reject', error: error.code ?? null, detail: reasonOf(error) };
  }
}

function reasonOf(error: AuthError): string {
  return error.reason;
}

function parseJson(text: string): Decision['body'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Decision['body'])
      : undefined;
  } catch {
    return undefined;
  }
}
