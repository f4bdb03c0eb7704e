import type { AsRequestVector } from '@keybound/dpop-vectors';
import { Refusal } from '../fault.ts';

/** The parameters of a request; an empty one counts as absent (RFC 6749 §3.1). */
export type Form = ReadonlyMap<string, string>;

export function formOf({ form }: AsRequestVector): Form {
  const parameters = new Map<string, string>();
  for (const [name, value] of form) {
    if (parameters.has(name)) {
      // Several resources are no fault of form (RFC 8707 §2), but leave open what is allowed where.
      const code = name === 'resource' ? 'invalid_target' : 'invalid_request';
      throw new Refusal(code, 'a parameter twice');
    }
    parameters.set(name, value);
  }
  return new Map([...parameters].filter(([, value]) => value !== ''));
}

export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new Refusal('invalid_request', `no ${name}`);
  return value;
}
