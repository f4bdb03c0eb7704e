import { createBearerFetch, createDpopFetch, type Signer } from '@keybound/signer';
import type { Lane } from './lanes.ts';
import { readResponse, type WireResponse } from './wire.ts';

/**
 * Reads the notes as whoever holds a token and, in the lanes with keys, a key.
 *
 * @param signer - left out, the lane's own
 */
export async function callApi(
  { notesUrl, resource, signer: own }: Lane,
  token: string,
  signer: Signer | undefined = own,
): Promise<WireResponse> {
  const options = { accessToken: async () => token, origins: [resource] };
  const send = signer ? createDpopFetch({ ...options, signer }) : createBearerFetch(options);
  return readResponse(await send(notesUrl));
}
