import { generateProof, type KeyPair } from 'dpop';
import { METHOD, URI } from '../requests.ts';
import type { SigningCase } from '../signing-case.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/** Its `generateProof` with a key that WebCrypto holds. */
export function createDpopSign(keys: KeyPair): Contender<SigningCase> {
  return {
    name: 'dpop',
    version: versionOf('dpop'),
    prepare:
      ({ accessToken }) =>
      () =>
        generateProof(keys, URI, METHOD, undefined, accessToken),
  };
}
