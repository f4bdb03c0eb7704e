import type { ProtectedRequest } from '@keybound/core';

/** The fields proxies set about the target; told in a mismatch, because one of them is its usual cause. */
const FORWARDED_FIELDS = [
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-forwarded-port',
];

/** The forwarded fields of a request that had no part in its target. */
export function untrustedFields(
  request: ProtectedRequest,
  believedFields: readonly string[] = [],
): readonly string[] {
  return FORWARDED_FIELDS.filter(
    (name) => request.headers(name).length > 0 && !believedFields.includes(name),
  );
}
