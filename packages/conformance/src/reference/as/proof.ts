import type { AsConfig, AsRequestVector } from '@keybound/dpop-vectors';
import { Refusal, refusing } from '../fault.ts';
import { valuesOf } from '../fields.ts';
import { checkNonce } from '../nonce.ts';
import { checkSignature, onlyProof, type ReadProof, readProof } from '../proof.ts';
import { checkClaims } from '../proof-claims.ts';
import type { Switches } from '../switches.ts';
import { parseUri } from '../uri.ts';

/**
 * The proof of a request, checked in full but for whether it was used before; undefined when there is none
 * (RFC 9449 §5).
 */
export function proofOf(
  config: AsConfig,
  request: AsRequestVector,
  clock: number,
  switches: Switches,
): ReadProof | undefined {
  const fields = valuesOf(request.fields, 'dpop');
  const isNothing = fields.every((value) => value === '') && switches.has('empty-proof-ignored');
  if (fields.length === 0 || isNothing) return undefined;
  const proof = refusing('invalid_dpop_proof', () => {
    const read = readProof(onlyProof(fields, switches), config.proofAlgorithms, switches);
    const { maxAgeSeconds, maxFutureSeconds } = config;
    const target = endpointOf(config, request, switches);
    const uri = parseUri(target, switches);
    const occasion = { method: 'POST', target, uri, clock, maxAgeSeconds, maxFutureSeconds };
    checkClaims(read.claims, occasion, switches);
    checkSignature(read, switches);
    return read;
  });
  checkNonce(proof.claims, config.nonce, switches);
  return proof;
}

/** Only configuration says where an endpoint is. */
function endpointOf(
  { endpoints }: AsConfig,
  { endpoint, fields }: AsRequestVector,
  switches: Switches,
): string {
  const uri = endpoints[endpoint];
  const { pathname } = new URL(uri);
  const [host] = switches.has('host-trusted') ? valuesOf(fields, 'host') : [];
  const [forwarded] = switches.has('forwarded-host-trusted')
    ? valuesOf(fields, 'x-forwarded-host')
    : [];
  const other = host ?? forwarded;
  return other === undefined ? uri : `https://${other}${pathname}`;
}

/** For a request that lacks the proof it needs. */
export function missingProof(): Refusal {
  return new Refusal('invalid_dpop_proof', 'no proof');
}
