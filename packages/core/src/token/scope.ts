const SCOPE_VALUE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a value is one scope value (scope-token of RFC 6749 §3.3): no blank, quote or backslash. */
export function isScopeValue(value: unknown): value is string {
  return typeof value === 'string' && SCOPE_VALUE.test(value);
}
