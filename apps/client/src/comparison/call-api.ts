import { createBearerFetch, createDpopFetch } from '@keybound/signer';
import type { Lane } from './lanes.ts';
import type { Requester } from './user-client.ts';
import { readResponse, type WireResponse } from './wire.ts';

/** Reads the notes as whoever holds a token and, in the lanes with keys, a key. */
export async function callApi(
  { notesUrl, resource }: Pick<Lane, 'notesUrl' | 'resource'>,
  token: string,
  { fetch, signer }: Requester,
): Promise<WireResponse> {
  const options = { accessToken: async () => token, origins: [resource], fetch };
  const send = signer ? createDpopFetch({ ...options, signer }) : createBearerFetch(options);
  return readResponse(await send(notesUrl));
}
