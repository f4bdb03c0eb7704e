import {
  ALGORITHMS,
  jwkThumbprint,
  parsePublicJwk,
  type SignatureAlgorithm,
  sha256Base64url,
} from '@keybound/core';
import type { Answer, JsonObject, Question } from '@keybound/dpop-vectors';

/** The hash of a token, or the thumbprint of a key in good form. */
export async function answerThumbprint(
  input: Extract<Question, { kind: 'thumbprint' }>['input'],
): Promise<Answer> {
  if (input.operation === 'ath') return { output: await sha256Base64url(input.token) };
  const algorithm = algorithmFor(input.jwk);
  if (algorithm === undefined) return { decision: 'reject', detail: 'no such kind of key' };
  const jwk = parsePublicJwk(requiredMembers(input.jwk), algorithm);
  if (typeof jwk === 'string') return { decision: 'reject', detail: jwk };
  return { output: await jwkThumbprint(jwk) };
}

/** RFC 7638 §3.2 leaves everything else out, private members included. */
function requiredMembers(jwk: JsonObject): JsonObject {
  const names = ['kty', 'crv', 'x', 'y', 'n', 'e'];
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(jwk, name)).map((name) => [name, jwk[name]]),
  );
}

function algorithmFor({ kty, crv }: JsonObject): SignatureAlgorithm | undefined {
  const names = Object.keys(ALGORITHMS) as SignatureAlgorithm[];
  return names.find((name) => ALGORITHMS[name].kty === kty && ALGORITHMS[name].crv === crv);
}
