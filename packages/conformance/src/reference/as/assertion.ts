import type { AsClient, AsConfig } from '@keybound/dpop-vectors';
import { ALGORITHMS } from '../algorithms.ts';
import { attempted, demand } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import { checkExtensions, isType, type JwsLimits, parseJws } from '../jws.ts';
import { keyFor } from '../key.ts';
import { isTime } from '../proof-claims.ts';
import { isSignedBy } from '../signature.ts';
import type { Switches } from '../switches.ts';
import { type Form, required } from './form.ts';

const LIMITS: JwsLimits = { chars: 8192, headerChars: 4096, depth: 8, members: 64, values: 256 };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TYPES = ['jwt', 'client-authentication+jwt'];

/** Checks the assertion by which a client authenticates (RFC 7523 §3, FAPI 2.0 §5.3.2.1). */
export function checkAssertion(
  config: AsConfig,
  client: AsClient,
  form: Form,
  clock: number,
  switches: Switches,
): void {
  demand(required(form, 'client_assertion_type') === ASSERTION_TYPE, 'another assertion');
  const jws = parseJws(required(form, 'client_assertion'), LIMITS, switches);
  const { header, payload: claims } = jws;
  const { typ, alg, kid } = header;
  const isOfType = typ === undefined || TYPES.some((type) => isType(typ, type, switches));
  demand(isOfType, 'the type of something else');
  checkExtensions(header, switches);
  demand(typeof alg === 'string' && config.proofAlgorithms.includes(alg), 'not on the list');
  const algorithm = ALGORITHMS.get(alg);
  demand(algorithm !== undefined, 'an unknown algorithm');
  const keys = (client.jwks?.keys ?? []).filter((one) => kid === undefined || one.kid === kid);
  const [key, ...more] = keys.flatMap((jwk) =>
    attempted(() => keyFor(alg, algorithm, jwk, switches)),
  );
  demand(key !== undefined && more.length === 0, 'not one key that fits');
  demand(isSignedBy(key, algorithm, jws), 'not signed by the client');
  const { client_id: id } = client;
  const isOwn = claims.iss === id && claims.sub === id;
  demand(isOwn || switches.has('assertion-subject-ignored'), 'about another client');
  demand(claims.aud === config.issuer || switches.has('assertion-aud-ignored'), 'not for us');
  checkTimes(claims, config, clock, switches);
}

function checkTimes(
  { exp, iat, nbf }: JsonObject,
  { maxFutureSeconds }: AsConfig,
  clock: number,
  switches: Switches,
): void {
  const hasEnd = isTime(exp) && clock < exp;
  demand(hasEnd || switches.has('assertion-exp-ignored'), 'an assertion that has ended');
  for (const time of [iat, nbf]) {
    demand(time === undefined || isTime(time), 'no time');
    const isAhead = isTime(time) && time - clock > maxFutureSeconds;
    demand(!isAhead || switches.has('assertion-iat-ignored'), 'made in the future');
  }
}
