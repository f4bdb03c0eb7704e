import { AuthError, isAuthError, type ProtectedRequest } from '@keybound/core';
import { explainMalformed, explainMismatch, explainRefusal } from './explain-target.ts';
import { untrustedFields } from './forwarded-fields.ts';
import { formatHttpUri, parseHttpUri, redactUri } from './http-uri.ts';
import { createTargetUri, type Target, type TargetUriOptions } from './target-uri.ts';

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
  const { explain } = options;
  if (explain !== undefined && typeof explain !== 'function') {
    throw new TypeError('explain: give a function that takes sentences');
  }
  const targetUri = createTargetUri(options);

  function targetOf(request: ProtectedRequest): Target {
    try {
      return targetUri(request);
    } catch (error) {
      if (isAuthError(error)) explain?.(explainRefusal(error, request, options));
      throw error;
    }
  }

  return (htu, request) => {
    const target = targetOf(request);
    const expected = formatHttpUri(target.uri);
    if (htu === expected) return; // as it is when the client has brought it to normal form
    const received = parseHttpUri(htu);
    if (received === undefined) {
      explain?.(explainMalformed(htu, target));
      throw new AuthError('htu_malformed', { facts: { received: redactUri(htu) } });
    }
    if (formatHttpUri(received) !== expected) {
      explain?.(explainMismatch(received, target, request, options));
      throw new AuthError('htu_mismatch', {
        facts: {
          received: formatHttpUri(received),
          expected,
          untrustedFields: untrustedFields(request, target.believedFields),
        },
      });
    }
  };
}
