const SCOPE_VALUE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a text is one scope value (scope-token of RFC 6749 §3.3): no blank, quote or backslash. */
export function isScopeValue(text: string): boolean {
  return SCOPE_VALUE.test(text);
}
