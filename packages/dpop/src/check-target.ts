import { AuthError, type ProtectedRequest } from '@keybound/core';
import { formatHttpUri, parseHttpUri, redactUri } from './http-uri.ts';
import { createTargetUri, type TargetUriOptions } from './target-uri.ts';

/** Field names a proxy sets; told in a mismatch, because one of them is its usual cause. */
const FORWARDED_FIELDS = [
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-forwarded-port',
];

/**
 * A function that compares the `htu` of a proof with the target URI of the request it came with
 * (RFC 9449 §4.3 check 9). It throws `AuthError` `htu_malformed`, `htu_mismatch`, or what
 * {@link createTargetUri} says of the request.
 *
 * @throws TypeError when an option is not of the described form.
 */
export function createTargetCheck(
  options: TargetUriOptions,
): (htu: string, request: ProtectedRequest) => void {
  const targetUri = createTargetUri(options);

  return (htu, request) => {
    const expected = targetUri(request);
    const received = parseHttpUri(htu);
    if (received === undefined) {
      throw new AuthError('htu_malformed', { facts: { received: redactUri(htu) } });
    }
    if (formatHttpUri(received) !== expected) {
      throw new AuthError('htu_mismatch', {
        facts: {
          received: formatHttpUri(received),
          expected,
          untrustedFields: FORWARDED_FIELDS.filter((name) => request.headers(name).length > 0),
        },
      });
    }
  };
}
