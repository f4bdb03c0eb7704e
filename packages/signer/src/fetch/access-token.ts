import { SignerError } from '../signer-error.ts';

/**
 * Gives the access token for a request. Called without argument before each request; called with the
 * refused token when a server answers `invalid_token`, and then a different one is worth another send.
 */
export type AccessTokenSource = (rejected?: string) => string | Promise<string>;

const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Whether a value can stand in an `Authorization` field as an access token (RFC 6750 §2.1). */
export function isAccessToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN68.test(value);
}

/**
 * Asks a token source and looks at nothing but the syntax of the answer (RFC 9068 §6). Gives up as
 * soon as the caller aborts.
 *
 * @throws SignerError `access_token_malformed`. Checked here, because the error with which `Headers`
 * refuses a value repeats the value.
 */
export async function askAccessToken(
  source: AccessTokenSource,
  rejected: string | undefined,
  signal: AbortSignal | null | undefined,
): Promise<string> {
  const token = await untilAborted(async () => source(rejected), signal);
  if (!isAccessToken(token)) {
    throw new SignerError(
      'access_token_malformed',
      'accessToken gave no usable token; return the access_token of the token response as it is',
    );
  }
  return token;
}

function untilAborted<T>(
  work: () => Promise<T>,
  signal: AbortSignal | null | undefined,
): Promise<T> {
  if (!signal) return work();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort);
    work()
      .finally(() => signal.removeEventListener('abort', abort))
      .then(resolve, reject);
  });
}
