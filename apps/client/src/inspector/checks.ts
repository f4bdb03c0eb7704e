import type { AuthReason, Scheme } from '@keybound/core';
import type { Check } from './check.ts';
import { PROOF_FORM_CHECKS, PROOF_USE_CHECKS } from './proof-checks.ts';
import { BINDING_CHECKS, REQUEST_CHECKS, ROUTE_CHECKS } from './request-checks.ts';
import { TOKEN_CHECKS } from './token-checks.ts';

export type { Check } from './check.ts';

/**
 * How a check went: `'unknown'` is a check that was not made because what it takes is not at hand, as the
 * keys of a foreign issuer.
 */
export type CheckState = 'passed' | 'failed' | 'not-reached' | 'unknown';

/** A check and how it went. */
export interface TickedCheck extends Check {
  readonly state: CheckState;
}

/** Every check of both schemes, in the order in which the verifiers make them. */
export const CHECKS: readonly Check[] = [
  ...REQUEST_CHECKS,
  // What is cheap comes before the token, and what fills a store comes after it.
  ...PROOF_FORM_CHECKS,
  ...TOKEN_CHECKS,
  ...BINDING_CHECKS,
  ...PROOF_USE_CHECKS,
  ...ROUTE_CHECKS,
];

/** The checks that a request with this scheme meets, in their order. */
export function checksFor(
  scheme: Scheme,
  { nonces }: { readonly nonces: boolean },
): readonly Check[] {
  return CHECKS.filter(({ only = scheme }) => only === scheme).filter(
    ({ id }) => nonces || id !== 'proof-nonce',
  );
}

/**
 * Each check with its state, given why a request was refused: all before the one that failed have passed.
 * A reason that belongs to none of the checks says nothing about any of them, so none is reached.
 */
export function tickChecks(
  checks: readonly Check[],
  reason: AuthReason | undefined,
): readonly TickedCheck[] {
  if (reason === undefined) return checks.map((check) => ({ ...check, state: 'passed' }));
  const failed = checks.findIndex(({ reasons }) => reasons.includes(reason));
  return checks.map((check, index) => ({ ...check, state: stateOf(index, failed) }));
}

function stateOf(index: number, failed: number): CheckState {
  if (index === failed) return 'failed';
  return index < failed ? 'passed' : 'not-reached';
}
