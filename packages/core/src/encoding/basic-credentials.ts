import { requireText } from '../options.ts';

/**
 * The `Authorization` value with which a client authenticates by `client_secret_basic`: HTTP Basic with
 * both parts form-encoded first (RFC 6749 §2.3.1), so that any character may stand in them.
 *
 * @throws TypeError when a part is not a non-empty text.
 */
export function basicCredentials(clientId: string, clientSecret: string): string {
  requireText('clientId', clientId);
  requireText('clientSecret', clientSecret);
  return `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`;
}

function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
