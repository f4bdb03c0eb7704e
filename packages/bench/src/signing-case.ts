import { randomBytes } from 'node:crypto';

/** What one proof is made of. */
export interface SigningCase {
  readonly accessToken: string;
  /** As long as the signing input of a proof; what the limit signs. */
  readonly data: Buffer;
}

const SIGNING_INPUT_BYTES = 480;

/** A case with an access token and octets of its own. */
export function createSigningCase(accessToken: string): SigningCase {
  return { accessToken, data: randomBytes(SIGNING_INPUT_BYTES) };
}
