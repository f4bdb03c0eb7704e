import { valuesOf } from './fields.ts';
import type { JsonObject } from './format.ts';
import { athOf, decodeProof, isSigned } from './proof.ts';
import type { EmittedRequest } from './questions.ts';
import { quoted } from './words.ts';

/** How far `iat` may be from the clock of the question: what servers commonly grant. */
const MOST_SECONDS_OFF = 30;

/** Members that only a key pair has, or a shared secret. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Says why a server would refuse the proof of a request (RFC 9449 §4.3), as the ends of sentences. */
export function proofFaults(request: EmittedRequest, clock: number): readonly string[] {
  const proofs = valuesOf(request.fields, 'dpop');
  const [text] = proofs;
  if (text === undefined || proofs.length !== 1) {
    return [`it has ${proofs.length} DPoP fields instead of one`];
  }
  const proof = decodeProof(text);
  if (proof === undefined) return ['its proof is no compact JWS of JSON objects'];
  const { header, payload } = proof;
  return [
    ...(header.typ === 'dpop+jwt' ? [] : [`typ is ${quoted(header.typ)}`]),
    ...privateMembers(header.jwk).map((name) => `its jwk has the private member ${name}`),
    ...(isSigned(proof) ? [] : ['its signature does not verify by its jwk']),
    ...claimFaults(payload, request, clock),
  ];
}

function claimFaults(
  { jti, htm, htu, iat, ath }: JsonObject,
  request: EmittedRequest,
  clock: number,
): readonly string[] {
  const token = /^dpop +(.+)$/i.exec(valuesOf(request.fields, 'authorization')[0] ?? '')?.[1];
  return [
    ...(typeof jti === 'string' && jti !== '' ? [] : [`jti is ${quoted(jti)}`]),
    ...(htm === request.method ? [] : [`htm is ${quoted(htm)}, and ${request.method} went out`]),
    ...(isTargetUri(htu, request.url) ? [] : [`htu is ${quoted(htu)} for ${quoted(request.url)}`]),
    ...(typeof iat === 'number' && Math.abs(iat - clock) <= MOST_SECONDS_OFF
      ? []
      : [`iat is ${quoted(iat)} at ${clock}`]),
    ...(token === undefined || ath === athOf(token) ? [] : ['ath is not the hash of the token']),
  ];
}

/** The target URI without query and fragment, up to the spellings that URIs allow. */
function isTargetUri(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || /[?#]/.test(htu) || !URL.canParse(htu)) return false;
  const { origin, pathname } = new URL(url);
  return new URL(htu).href === `${origin}${pathname}`;
}

function privateMembers(jwk: unknown): readonly string[] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  return PRIVATE_MEMBERS.filter((name) => Object.hasOwn(jwk, name));
}
