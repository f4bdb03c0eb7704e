import { createSigner } from '@keybound/signer';
import { generateKeyPair } from 'dpop';
import { createDpopSign } from '../contenders/dpop.ts';
import { createKeyboundSign } from '../contenders/keybound.ts';
import { createRawSign } from '../contenders/raw.ts';
import { createToken } from '../requests.ts';
import { proveSigning } from '../signing.ts';
import { createSigningCase } from '../signing-case.ts';
import type { Suite } from '../suite.ts';
import { createTable, type Table } from '../table.ts';

/** A client that makes a proof for every request with one token. */
export async function createSigning(suite: Suite): Promise<Table> {
  const { algorithm, client } = suite;
  const token = createToken(suite, client);
  return createTable({
    id: `signing-${algorithm}`,
    title: `Sign a proof, ${algorithm}, with ath of one token`,
    limit: createRawSign(suite),
    contenders: [
      createKeyboundSign(await createSigner({ algorithm })),
      // It goes by the name that RFC 9864 gave EdDSA with this curve.
      createDpopSign(await generateKeyPair(algorithm === 'EdDSA' ? 'Ed25519' : algorithm)),
    ],
    createCase: () => createSigningCase(token),
    prove: (contender) => proveSigning(suite, contender, createSigningCase(token)),
  });
}
