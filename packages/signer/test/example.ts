import { createClientCredentialsTokens, createDpopFetch, createSigner } from '@keybound/signer';

export async function readNotes(tokenEndpoint: string, api: string, clientSecret: string) {
  const signer = await createSigner();
  const accessToken = createClientCredentialsTokens({
    tokenEndpoint,
    clientId: 'notes-service',
    clientSecret,
    scope: 'notes:read',
    signer,
  });
  const dpopFetch = createDpopFetch({ signer, accessToken, origins: [new URL(api).origin] });
  const response = await dpopFetch(`${api}/notes`);
  return response.json();
}
