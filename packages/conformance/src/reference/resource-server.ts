import { createHash } from 'node:crypto';
import type { Decision, RequestVector, RsConfig } from '@keybound/dpop-vectors';
import { boundTo, checkBinding } from './binding.ts';
import { resourceAnswer } from './challenge.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { Refusal, refusing } from './fault.ts';
import { valuesOf } from './fields.ts';
import type { JsonObject } from './json.ts';
import { checkNonce } from './nonce.ts';
import {
  checkSignature,
  checkTokenHash,
  onlyProof,
  type ReadProof,
  readProof,
  type TokenHashes,
} from './proof.ts';
import { checkClaims } from './proof-claims.ts';
import { createReplayMemory } from './replay.ts';
import type { Switches } from './switches.ts';
import { targetUri } from './target-uri.ts';
import { tokenHash } from './thumbprint.ts';
import { verifyToken } from './token.ts';

/** A resource server with its memory of proofs. */
export interface ResourceServer {
  decide(config: RsConfig, request: RequestVector, clock: number): Promise<Decision>;
}

export function createResourceServer(
  { replay: mode }: Pick<RsConfig, 'replay'>,
  switches: Switches,
): ResourceServer {
  const replay = createReplayMemory(mode, switches);

  return {
    async decide(config, request, clock) {
      let credentials: Credentials | undefined;
      try {
        credentials = credentialsOf(request, switches);
        await check(config, request, clock, credentials);
        return resourceAnswer(config, { switches });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return resourceAnswer(config, { switches, refusal: error, used: credentials?.scheme });
      }
    },
  };

  async function check(
    config: RsConfig,
    request: RequestVector,
    clock: number,
    credentials: Credentials | undefined,
  ): Promise<void> {
    if (credentials === undefined) throw new Refusal(null, 'no token');
    const { scheme, token } = credentials;
    if (!config.schemes.includes(scheme)) throw new Refusal(null, 'a scheme that is not offered');
    const claims =
      scheme === 'Bearer'
        ? checkBearer(token, config, clock)
        : await checkDpop(token, config, request, clock);
    checkScope(claims, config, switches);
  }

  function checkBearer(token: string, config: RsConfig, clock: number): JsonObject {
    return refusing('invalid_token', () => {
      const claims = verifyToken(token, config, clock, switches);
      const isBound = boundTo(claims.cnf, switches) !== undefined;
      if (isBound && !switches.has('bound-token-as-bearer-accepted')) {
        throw new Refusal('invalid_token', 'a bound token without its proof');
      }
      return claims;
    });
  }

  async function checkDpop(
    token: string,
    config: RsConfig,
    request: RequestVector,
    clock: number,
  ): Promise<JsonObject> {
    const fields = valuesOf(request.fields, 'dpop');
    if (fields.length === 0 && switches.has('proof-optional-at-resource')) {
      return refusing('invalid_token', () => verifyToken(token, config, clock, switches));
    }
    const proof = refusing('invalid_dpop_proof', () =>
      readProof(onlyProof(fields, switches), config.proofAlgorithms, switches),
    );
    const claims = refusing('invalid_token', () => {
      const verified = verifyToken(token, config, clock, switches);
      checkBinding(verified.cnf, proof.jkt, switches);
      return verified;
    });
    const uri = targetUri(config, request, switches);
    const { method, target } = request;
    const { maxAgeSeconds, maxFutureSeconds } = config;
    const occasion = { method, target, uri, clock, maxAgeSeconds, maxFutureSeconds };
    if (switches.has('replay-noted-before-signature')) await note(proof, config, clock);
    refusing('invalid_dpop_proof', () => {
      checkClaims(proof.claims, occasion, switches);
      checkTokenHash(proof, hashesOf(token), switches);
      checkSignature(proof, switches);
    });
    checkNonce(proof.claims, config.nonce, switches);
    if (!switches.has('replay-noted-before-signature')) await note(proof, config, clock);
    return claims;
  }

  async function note(proof: ReadProof, config: RsConfig, clock: number): Promise<void> {
    await refusing('invalid_dpop_proof', () => replay.use(proof, { ...config, clock }));
  }
}

function hashesOf(token: string): TokenHashes {
  const others = ['sha1', 'sha384', 'sha512'].map((hash) =>
    createHash(hash).update(token).digest('base64url'),
  );
  return { sha256: tokenHash(token), others };
}

function checkScope({ scope }: JsonObject, config: RsConfig, switches: Switches): void {
  const { requiredScope = [] } = config;
  const held = typeof scope === 'string' ? scope.split(' ') : [];
  const isEnough = requiredScope.every((value) => held.includes(value));
  if (!isEnough && !switches.has('scope-unchecked')) {
    throw new Refusal('insufficient_scope', 'too little scope');
  }
}
