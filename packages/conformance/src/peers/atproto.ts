import { JoseKey } from '@atproto/jwk-jose';
import { type DpopNonce, type Key, OAuthVerifier } from '@atproto/oauth-provider/verifier';
import type { Decision, Jwk, RsConfig } from '@keybound/dpop-vectors';
import { bearerField, isInexpressible, nodeHeaders } from './forms.ts';
import type { RsQuestion } from './limits.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';
import { credentialsOf, readJws } from './sent.ts';
import { broughtBy } from './versions.ts';

const NAME = '@atproto/oauth-provider';

/** What its version of `jose` has; for proofs it sets no list. */
const KNOWN: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  ...['ES256K', 'EdDSA', 'Ed25519'],
];
/** Its class of keys has no other name for Ed25519. */
const KNOWN_FOR_TOKENS: readonly string[] = KNOWN.filter((alg) => alg !== 'Ed25519');

/** The verifier of AT Protocol servers. */
export function createAtprotoPeer(): Peer {
  return createPeer<OAuthVerifier>({
    package: NAME,
    builtOn: `${broughtBy(NAME, 'jose')}, ${broughtBy(NAME, '@atproto/jwk-jose')}`,
    configuration:
      'authenticateRequest of OAuthVerifier with the audience, the scope and its in-memory replay store; its rules of AT Protocol for the form of sub and jti are shown acceptable values where the token has any, because the tokens of the vectors are of no AT Protocol server; its rotating nonces are replaced by those of the case; its list of algorithms for proofs is fixed, and algs of its challenges is another fixed list.',
    limits: {
      severalScopes: 'It demands one of several scope values.',
      schemes: 'Which of the two schemes it takes cannot be limited.',
      proxies: 'The target URI is found by the application.',
      mountPrefix: 'The target URI is found by the application.',
      targets: 'It is given a URL; whether the request target is proper is left to the server.',
      introspection: 'It takes JWTs alone.',
      metadata: 'It points to no metadata.',
      otherPlaces: 'It looks for tokens in the Authorization field alone.',
      severalAuthorizations: 'Node passes on the first of several Authorization fields alone.',
      window: () => ({ back: 190, ahead: 180, leeway: 180 }),
      algorithms: () => ({ tokenAlgorithms: KNOWN_FOR_TOKENS, proofAlgorithms: KNOWN }),
    },
    open: ({ config }) => createVerifier(config, replayStoreOf(config)),
    async decide(question, verifier) {
      const { config, request, type } = question;
      if (type === 'Challenge' && config.nonce !== null) {
        return { skip: 'It gives the challenge alone; other fields are left to the application.' };
      }
      return (
        breaksOtherRules(credentialsOf(request).token) ?? (await authenticate(question, verifier))
      );
    },
    async decideToken({ config, token, ...asked }) {
      const request = bearerField(token);
      if (isInexpressible(request)) return request;
      const other = breaksOtherRules(token) ?? breaksRulesOfKeys(config);
      if (other !== undefined) return other;
      const question = {
        ...asked,
        request,
        config: { ...config, origin: config.audience, nonce: null },
      };
      return await authenticate(question, await createVerifier(config));
    },
  });
}

type Asked = Pick<RsQuestion, 'type' | 'request'> & {
  readonly config: Pick<RsConfig, 'origin' | 'audience' | 'nonce' | 'requiredScope'>;
};

async function authenticate(
  { config, request, type }: Asked,
  verifier: OAuthVerifier,
): Promise<Decision | { skip: string }> {
  const headers = nodeHeaders(request);
  if (isInexpressible(headers)) return headers;
  const { origin, audience, nonce, requiredScope: [scope] = [] } = config;
  const nonces: Pick<DpopNonce, 'next' | 'check'> | undefined = nonce
    ? { next: () => nonce.current, check: (value) => nonce.accepted.includes(value) }
    : undefined;
  Object.assign(verifier.dpopManager, { dpopNonce: nonces });
  const url = new URL(`${origin}${request.target}`);
  const options = {
    audience: [audience] as [string],
    ...(scope && { scope: [scope] as [string] }),
  };
  return await decisionOf(
    () => verifier.authenticateRequest(request.method, url, headers, options),
    (error: Thrown) => saidBy(error, type === 'Challenge'),
  );
}

interface Thrown {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly wwwAuthenticateHeader?: unknown;
}

/** Its errors know the status, the code and, most of them, the challenge. */
function saidBy(
  { status, error, wwwAuthenticateHeader }: Thrown,
  challenge: boolean,
): Partial<Decision> {
  if (typeof status !== 'number' || typeof error !== 'string') return {};
  const fields =
    wwwAuthenticateHeader === undefined
      ? []
      : [['WWW-Authenticate', `${wwwAuthenticateHeader}`] as const];
  return { status, error, ...(challenge && { fields }) };
}

async function createVerifier(
  { issuer, jwks }: Pick<RsConfig, 'issuer' | 'jwks'>,
  replayStore?: NonNullable<ConstructorParameters<typeof OAuthVerifier>[0]['replayStore']>,
): Promise<OAuthVerifier> {
  const keyset = (await Promise.all(jwks.keys.map(keyOf))).filter((key) => key !== undefined);
  const verifier = new OAuthVerifier({
    issuer,
    keyset,
    dpopSecret: false,
    ...(replayStore && { replayStore }),
  });
  const { signer } = verifier;
  const verify = signer.verify.bind(signer);
  Object.assign(signer, {
    async verify(...values: Parameters<typeof verify>) {
      const { payload, ...result } = await verify(...values);
      return { ...result, payload: { ...payload, ...asOfAtProtocol(payload) } };
    },
  });
  return verifier;
}

function asOfAtProtocol({ sub, jti }: { readonly sub?: unknown; readonly jti?: unknown }): object {
  return {
    ...(sub !== undefined && sub !== '' && { sub: 'did:web:subject.example' }),
    ...(jti !== undefined && jti !== '' && { jti: `tok-${'0'.repeat(32)}` }),
  };
}

/** What AT Protocol does not demand of tokens, or in a form of its own. */
function breaksOtherRules(token: string): { skip: string } | undefined {
  const { sub, jti, client_id: client } = readJws(token).payload;
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  if (token.split('.').length !== 3 || [sub, jti, client].every(isText)) return undefined;
  return { skip: 'AT Protocol has rules of its own for sub, jti and client_id.' };
}

/** Its keys are its operator's own, who may have symmetric ones; no two go by one name. */
function breaksRulesOfKeys({
  jwks: { keys },
}: Pick<RsConfig, 'jwks'>): { skip: string } | undefined {
  const names = keys.map(({ kid }) => kid);
  if (new Set(names).size === names.length && !keys.some(({ kty }) => kty === 'oct')) {
    return undefined;
  }
  return {
    skip: 'Its keys are given by its operator and not fetched, so a set with such keys is not asked.',
  };
}

/** Keys that its class does not know are left out, as RFC 7517 §5 says. */
async function keyOf({ use, alg, ...jwk }: Jwk): Promise<Key | undefined> {
  try {
    return await JoseKey.fromJWK({
      ...jwk,
      ...(alg !== undefined && { alg: alg === 'Ed25519' ? 'EdDSA' : alg }),
      // It wants to be told what a public key is for in the other of the two members.
      ...(use === 'sig' ? { key_ops: ['verify'] } : use !== undefined && { use }),
    } as never);
  } catch {
    return undefined;
  }
}

function replayStoreOf({
  replay,
}: RsConfig):
  | NonNullable<ConstructorParameters<typeof OAuthVerifier>[0]['replayStore']>
  | undefined {
  switch (replay) {
    case 'track':
      return undefined;
    case 'off':
      return { unique: async () => true };
    case 'failing':
      return {
        async unique() {
          throw new Error('the store is down');
        },
      };
  }
}
