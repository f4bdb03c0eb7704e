import type { AsClient } from '@keybound/dpop-vectors';
import { isSha256 } from '../binding.ts';
import { Refusal } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { ReadProof } from '../proof.ts';
import type { Switches } from '../switches.ts';
import { type Form, required } from './form.ts';
import { newSecret } from './state.ts';

/** Checks a pushed authorization request (RFC 9126 §2.1, RFC 9449 §10.1). Where a user would log in, nothing is. */
export function pushRequest(
  client: AsClient,
  form: Form,
  proof: ReadProof | undefined,
  switches: Switches,
): JsonObject {
  const bad = (what: string): Refusal => new Refusal('invalid_request', what);
  if (form.has('request_uri')) throw bad('a request that refers to a request');
  if (!client.grant_types.includes('authorization_code')) {
    throw new Refusal('unauthorized_client', 'not for users');
  }
  if (required(form, 'response_type') !== 'code') {
    throw new Refusal('unsupported_response_type', 'not a code');
  }
  const redirectUri = required(form, 'redirect_uri');
  if (!client.redirect_uris.includes(redirectUri)) throw bad('another redirect URI');
  if (!isSha256(required(form, 'code_challenge'))) throw bad('no SHA-256');
  if (form.get('code_challenge_method') !== 'S256') throw bad('not S256');
  const jkt = form.get('dpop_jkt');
  const isOfForm = isSha256(jkt) || switches.has('dpop-jkt-form-unchecked');
  if (jkt !== undefined && !isOfForm) throw bad('dpop_jkt is no thumbprint');
  const isOther = jkt !== undefined && proof !== undefined && jkt !== proof.jkt;
  if (isOther && !switches.has('pushed-dpop-jkt-not-compared')) throw bad('two keys');
  return { request_uri: `urn:ietf:params:oauth:request_uri:${newSecret()}`, expires_in: 60 };
}
