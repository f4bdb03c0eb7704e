import { type AccessTokenSource, createDpopFetch, type Signer } from '@keybound/signer';
import axios, { type AxiosInstance } from 'axios';

export function createAxios(
  api: string,
  signer: Signer,
  accessToken: AccessTokenSource,
): AxiosInstance {
  const dpopFetch = createDpopFetch({ signer, accessToken, origins: [new URL(api).origin] });
  return axios.create({ baseURL: api, adapter: 'fetch', env: { fetch: dpopFetch } });
}
