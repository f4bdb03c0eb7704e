import { type AccessTokenSource, createDpopFetch, type Signer } from '@keybound/signer';
import { type Dispatcher, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';

export function createUndiciFetch(
  api: string,
  signer: Signer,
  accessToken: AccessTokenSource,
  dispatcher: Dispatcher,
): typeof fetch {
  // The URL comes as a text. The two sets of types differ where the values do not.
  const send = async (url: unknown, init: unknown): Promise<unknown> =>
    undiciFetch(url as string, { ...(init as UndiciInit), dispatcher });
  return createDpopFetch({
    signer,
    accessToken,
    origins: [new URL(api).origin],
    fetch: send as typeof fetch,
  });
}
