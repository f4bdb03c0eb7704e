import {
  type AccessTokenSource,
  createDpopFetch,
  type Signer,
  SignerError,
} from '@keybound/signer';
import ky, { type KyInstance } from 'ky';

export function createKy(api: string, signer: Signer, accessToken: AccessTokenSource): KyInstance {
  const dpopFetch = createDpopFetch({ signer, accessToken, origins: [new URL(api).origin] });
  return ky.create({
    prefixUrl: api,
    fetch: dpopFetch,
    // ky tries again whatever a fetch fails with; what ours refuses to send stays refused.
    retry: { shouldRetry: ({ error }) => (error instanceof SignerError ? false : undefined) },
  });
}
