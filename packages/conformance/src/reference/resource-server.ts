import { createHash } from 'node:crypto';
import type { Decision, RequestVector, RsConfig } from '@keybound/dpop-vectors';
import { boundTo, checkBinding } from './binding.ts';
import { grantedAnswer, refusedAnswer } from './challenge.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { demand, Refusal, refusing } from './fault.ts';
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

/** A request at its time. */
interface Asked {
  readonly config: RsConfig;
  readonly request: RequestVector;
  readonly clock: number;
}

/** What has been found good. */
interface Verified {
  readonly claims: JsonObject;
  /** The claims of the proof; none under Bearer. */
  readonly proven?: JsonObject;
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
        const { claims, proven } = await verify({ config, request, clock }, credentials);
        checkScope(claims, config, switches);
        return grantedAnswer(config, proven?.nonce, switches);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refusedAnswer(config, error, credentials?.scheme, switches);
      }
    },
  };

  async function verify(asked: Asked, credentials: Credentials | undefined): Promise<Verified> {
    if (credentials === undefined) throw new Refusal(null, 'no token');
    const { scheme, token } = credentials;
    if (!asked.config.schemes.includes(scheme)) throw new Refusal(null, 'not offered');
    return scheme === 'Bearer' ? verifyBearer(asked, token) : await verifyDpop(asked, token);
  }

  function verifyBearer({ config, clock }: Asked, token: string): Verified {
    return refusing('invalid_token', () => {
      const claims = verifyToken(token, config, clock, switches);
      const isBound = boundTo(claims.cnf, switches) !== undefined;
      demand(!isBound || switches.has('bound-token-as-bearer-accepted'), 'a bound token');
      return { claims };
    });
  }

  /** In the order of what it costs, and what is remembered last (RFC 9449 §4.3 and §7.1). */
  async function verifyDpop(asked: Asked, token: string): Promise<Verified> {
    const { config, request, clock } = asked;
    const fields = valuesOf(request.fields, 'dpop');
    if (fields.length === 0 && switches.has('proof-optional-at-resource')) {
      return refusing('invalid_token', () => ({
        claims: verifyToken(token, config, clock, switches),
      }));
    }
    const proof = refusing('invalid_dpop_proof', () =>
      readProof(onlyProof(fields, switches), config.proofAlgorithms, switches),
    );
    const claims = refusing('invalid_token', () => {
      const verified = verifyToken(token, config, clock, switches);
      checkBinding(verified.cnf, proof.jkt, switches);
      return verified;
    });
    if (switches.has('replay-noted-before-signature')) await note(proof, asked);
    checkProof(proof, asked, token);
    checkNonce(proof.claims, config.nonce, switches);
    if (!switches.has('replay-noted-before-signature')) await note(proof, asked);
    return { claims, proven: proof.claims };
  }

  function checkProof(proof: ReadProof, { config, request, clock }: Asked, token: string): void {
    const uri = targetUri(config, request, switches);
    const { method, target } = request;
    const { maxAgeSeconds, maxFutureSeconds } = config;
    const occasion = { method, target, uri, clock, maxAgeSeconds, maxFutureSeconds };
    refusing('invalid_dpop_proof', () => {
      checkClaims(proof.claims, occasion, switches);
      checkTokenHash(proof, hashesOf(token), switches);
      checkSignature(proof, switches);
    });
  }

  async function note(proof: ReadProof, { config, clock }: Asked): Promise<void> {
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
