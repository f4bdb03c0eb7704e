import { isUnavailableError } from '@keybound/core';
import { SignerError, type SignerErrorCode } from '@keybound/signer';
import { TEXTS } from '../texts.ts';
import { WindowBlockedError, WindowClosedError } from './windows.ts';

/** Something that went wrong, for the visitor, and the way on. */
export interface Fault {
  readonly sentence: string;
  readonly wayOn: 'retry' | 'sign-in' | 'sign-in-here';
}

type Known = Exclude<keyof typeof TEXTS.faults, 'unknown'>;

const BY_CODE: Partial<Readonly<Record<SignerErrorCode, readonly [Known, Fault['wayOn']]>>> = {
  authorization_denied: ['consent_denied', 'sign-in'],
  authorization_response_mismatch: ['answer_mismatch', 'sign-in'],
  authorization_response_malformed: ['answer_mismatch', 'sign-in'],
  signed_out: ['signed_out', 'sign-in'],
  grant_ended: ['signed_out', 'sign-in'],
  revocation_failed: ['revocation_failed', 'sign-in'],
};

/**
 * What a visitor is told about a failure.
 *
 * @param askedApi - whether it was the API that was being asked when nobody answered
 */
export function describeFault(error: unknown, askedApi: boolean): Fault {
  if (error instanceof WindowBlockedError) return known('window_blocked', 'sign-in-here');
  if (error instanceof WindowClosedError) return known('window_closed', 'sign-in');
  if (isUnavailableError(error)) return known('issuer_down', 'retry');
  if (error instanceof SignerError) {
    const row = BY_CODE[error.code];
    if (row !== undefined) return known(...row);
    if (error.oauthError === 'invalid_dpop_proof') return known('clock', 'retry');
    if (error.code === 'token_request_failed') return known('issuer_down', 'retry');
  }
  // What `fetch` throws when nobody answers.
  if (error instanceof TypeError || isTimeout(error)) {
    return known(askedApi ? 'resource_down' : 'lab_down', 'retry');
  }
  const words = error instanceof Error ? error.message : String(error);
  return { sentence: TEXTS.faults.unknown(words), wayOn: 'retry' };
}

function known(name: Known, wayOn: Fault['wayOn']): Fault {
  return { sentence: TEXTS.faults[name], wayOn };
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
