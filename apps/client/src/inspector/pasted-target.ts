/** Where a request was sent. */
export interface PastedTarget {
  /** Scheme, host and port: what the verifier is configured with. */
  readonly origin: string;
  /** Path and query as they were pasted, since normal forms are the verifier's business. */
  readonly target: string;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const HTTP_URL = /^https?:\/\/[^/?#\s\\]+([^#]*)/i;

/** Whether a text can be the method of a request. */
export function isMethod(text: string): boolean {
  return METHOD.test(text);
}

/** Origin and target of an absolute http or https URL, or undefined for any other text. */
export function parsePastedUrl(text: string): PastedTarget | undefined {
  const [, rest] = HTTP_URL.exec(text) ?? [];
  if (rest === undefined || !URL.canParse(text)) return undefined;
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  return { origin: new URL(text).origin, target: encodeBeyondAscii(target) };
}

/** A browser sends no character beyond ASCII as it is. */
function encodeBeyondAscii(text: string): string {
  return text.isWellFormed() ? text.replace(/[^\0-\x7f]+/g, encodeURIComponent) : text;
}
