import jsonwebtoken, { type Algorithm } from 'jsonwebtoken';
import { DEPLOYMENT, type PresentedRequest } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/** Its synchronous `verify` with a key object, which spares it the parsing of a PEM. */
export function createJsonwebtoken({ algorithm, issuer }: Suite): Contender<PresentedRequest> {
  const options = { ...DEPLOYMENT, algorithms: [algorithm as Algorithm] };
  return {
    name: 'jsonwebtoken',
    version: versionOf('jsonwebtoken'),
    prepare:
      ({ token }) =>
      () =>
        jsonwebtoken.verify(token, issuer.publicKey, options),
  };
}
