import { isAuthError, isUnavailableError, type ProtectedRequest } from '@keybound/core';
import { createMemoryReplayStore, createProofVerifier } from '@keybound/dpop';

const proofs = createProofVerifier({
  publicOrigin: 'https://as.example',
  replay: createMemoryReplayStore(),
});

export async function token(request: ProtectedRequest, issue: (jkt?: string) => string) {
  try {
    const proof = await proofs.verify(request); // before a code or refresh token is spent
    const token_type = proof ? 'DPoP' : 'Bearer';
    const body = { access_token: issue(proof?.jkt), token_type };
    return { status: 200, headers: proof?.headers ?? [], body };
  } catch (error) {
    if (!isAuthError(error) && !isUnavailableError(error)) throw error;
    return proofs.deny(error); // status, headers and body to send
  }
}
