import type { BadRequest, PresentedRequest } from './requests.ts';
import type { Contender, Operation } from './table.ts';

/** What a contender for verifying has to show. */
export interface VerifyingProof {
  readonly good: () => PresentedRequest;
  /** The first one has a fault in the signature that the limit checks. */
  readonly bad: readonly BadRequest[];
}

/**
 * Shows that a contender accepts a good request and refuses every bad one; the limit, which looks at
 * one signature and nothing else, only the first.
 *
 * @throws Error that names the contender and the request.
 */
export async function proveVerifying(
  contender: Contender<PresentedRequest>,
  { good, bad }: VerifyingProof,
  isLimit: boolean,
): Promise<void> {
  const refusal = await failureOf(contender.prepare(good()));
  if (refusal !== undefined) {
    throw new Error(`${contender.name} refuses the good request`, { cause: refusal.error });
  }
  for (const { name, request } of isLimit ? bad.slice(0, 1) : bad) {
    if ((await failureOf(contender.prepare(request))) === undefined) {
      throw new Error(`${contender.name} accepts ${name}`);
    }
  }
}

async function failureOf(operation: Operation): Promise<{ readonly error: unknown } | undefined> {
  try {
    await operation();
    return undefined;
  } catch (error) {
    return { error };
  }
}
