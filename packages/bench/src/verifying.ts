import type { BadRequest, PresentedRequest } from './requests.ts';
import type { Contender } from './table.ts';

/** What a contender for verifying has to show. */
export interface VerifyingProof {
  readonly good: () => PresentedRequest;
  /** The first one has a fault in the signature that the limit checks. */
  readonly bad: readonly BadRequest[];
}

/**
 * Shows that a contender accepts a good request and refuses every bad one; a limit, which looks at
 * one signature and nothing else, only the first.
 *
 * @throws Error that names the contender and the request.
 */
export async function proveVerifying(
  contender: Contender<PresentedRequest>,
  { good, bad }: VerifyingProof,
): Promise<void> {
  const refusal = await failureOf(contender, good());
  if (refusal !== undefined) {
    throw new Error(`${contender.name} refuses the good request`, { cause: refusal.error });
  }
  for (const { name, request } of contender.isBare ? bad.slice(0, 1) : bad) {
    if ((await failureOf(contender, request)) === undefined) {
      throw new Error(`${contender.name} accepts ${name}`);
    }
  }
}

async function failureOf(
  contender: Contender<PresentedRequest>,
  request: PresentedRequest,
): Promise<{ readonly error: unknown } | undefined> {
  // Not in the try block: what cannot be prepared has not been refused.
  const operation = await contender.prepare(request);
  try {
    await operation();
    return undefined;
  } catch (error) {
    return { error };
  }
}
