import { SignerError } from '../../src/index.ts';

/** The SignerError a call fails with. */
export async function signerError(call: Promise<unknown>): Promise<SignerError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof SignerError) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}
