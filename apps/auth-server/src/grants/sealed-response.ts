import { deriveSealingKey, openBytes, sealBytes } from '../sealing.ts';

const PURPOSE = 'keybound refresh response';

/**
 * Seals the response to a refresh with a key made of the refresh token itself, of which the database
 * has only the hash: it can be opened by whoever presents that token again, and by nobody else.
 *
 * @param request - what was asked for; the response is no answer to anything else
 */
export function sealResponse(token: string, request: string, response: object): string {
  const text = Buffer.from(JSON.stringify(response));
  return sealBytes(deriveSealingKey(token, PURPOSE), request, text).toString('base64url');
}

/** Opens what {@link sealResponse} made; undefined when it answers another request. */
export function openResponse(token: string, request: string, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64url');
  const text = openBytes(deriveSealingKey(token, PURPOSE), request, bytes);
  return text && JSON.parse(Buffer.from(text).toString());
}
