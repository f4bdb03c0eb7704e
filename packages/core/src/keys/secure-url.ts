const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A URL over which tokens and keys may travel: https, or http to this machine itself
 * (RFC 6750 §5.2, RFC 9449 §2).
 *
 * @param option - the option the value comes from, named in the error
 * @throws TypeError when the text is no absolute URL, has userinfo or a fragment, or is plain http to
 * another machine.
 */
export function secureUrl(option: string, value: string): URL {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  if (url === undefined) {
    throw new TypeError(`${option}: ${JSON.stringify(value)} is not an absolute URL`);
  }
  if (url.username !== '' || url.password !== '' || value.includes('#')) {
    throw new TypeError(`${option}: a URL with userinfo or a fragment is not allowed here`);
  }
  if (!isSecureUrl(url)) {
    throw new TypeError(`${option}: ${value} must be https (http is for loopback only)`);
  }
  return url;
}

/** The URL that a text is. Not by `URL.canParse`, which misreads "ü" in Node 20.19 once it has run often. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether a URL is https, or http to a loopback host. */
export function isSecureUrl(url: URL): boolean {
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname))
  );
}
