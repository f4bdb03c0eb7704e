import type { SignatureAlgorithm } from '@keybound/core';
import type {
  Answer,
  CallOutcome,
  EmittedRequest,
  JsonObject,
  Question,
  ScriptedResponse,
  SignerCall,
} from '@keybound/dpop-vectors';
import {
  createClientCredentialsTokens,
  createDpopFetch,
  createSignerFromKeyPair,
  parseChallenges,
  readAuthorizationResponse,
  type Signer,
} from '@keybound/signer';

/** What the key pair of a scenario signs with. */
const ALGORITHMS: Readonly<
  Record<
    string,
    { name: SignatureAlgorithm; key: EcKeyImportParams | RsaHashedImportParams | Algorithm }
  >
> = {
  'P-256': { name: 'ES256', key: { name: 'ECDSA', namedCurve: 'P-256' } as EcKeyImportParams },
  'P-384': { name: 'ES384', key: { name: 'ECDSA', namedCurve: 'P-384' } as EcKeyImportParams },
  'P-521': { name: 'ES512', key: { name: 'ECDSA', namedCurve: 'P-521' } as EcKeyImportParams },
  Ed25519: { name: 'Ed25519', key: { name: 'Ed25519' } },
  RSA: { name: 'PS256', key: { name: 'RSA-PSS', hash: 'SHA-256' } as RsaHashedImportParams },
};

/** Plays a scenario with our signer and the scripted network. */
export async function answerAsClient({
  scenario,
  clock,
}: Extract<Question, { kind: 'signer' }>): Promise<Answer> {
  const signer = await signerOf(scenario.key);
  const network = createNetwork();
  const dpopFetch = createDpopFetch({
    signer,
    origins: originsOf(scenario.calls),
    fetch: network.fetch,
    clock: () => clock,
    ...(scenario.accessToken !== null && { accessToken: async () => scenario.accessToken ?? '' }),
  });
  const outcomes: CallOutcome[] = [];
  for (const call of scenario.calls) {
    network.script('responses' in call ? call.responses : []);
    outcomes.push(await perform(call, { signer, dpopFetch, fetch: network.fetch, clock }));
  }
  return { requests: network.requests, outcomes };
}

interface Client {
  readonly signer: Signer;
  readonly dpopFetch: typeof fetch;
  readonly fetch: typeof fetch;
  readonly clock: number;
}

async function perform(call: SignerCall, client: Client): Promise<CallOutcome> {
  try {
    switch (call.kind) {
      case 'fetch': {
        const response = await client.dpopFetch(call.url, requestInit(call));
        return { is: 'response', status: response.status };
      }
      case 'token-request': {
        const accessToken = createClientCredentialsTokens({
          ...call,
          signer: client.signer,
          fetch: client.fetch,
          clock: () => client.clock,
        });
        await accessToken();
        return { is: 'response' };
      }
      case 'authorization-response':
        readAuthorizationResponse(call.url, call);
        return { is: 'response' };
      case 'parse-challenges': {
        const challenges = parseChallenges(call.values).map(({ scheme, parameters }) => ({
          scheme,
          parameters: Object.fromEntries(parameters),
        }));
        return { is: 'response', challenges };
      }
    }
  } catch (error) {
    return { is: 'error', shown: String(error) };
  }
}

function requestInit(call: Extract<SignerCall, { kind: 'fetch' }>): RequestInit {
  const { method, fields = [], body, bodyIsStream } = call;
  return {
    method,
    headers: fields.map(([name, value]): [string, string] => [name, value]),
    ...(body !== undefined && { body: bodyIsStream ? streamOf(body) : body, duplex: 'half' }),
  } as RequestInit;
}

function streamOf(text: string): ReadableStream {
  return new Blob([text]).stream();
}

function originsOf(calls: readonly SignerCall[]): readonly string[] {
  const urls = calls.flatMap((call) => (call.kind === 'fetch' ? [new URL(call.url)] : []));
  // A URL that no client may be configured for is for the client to refuse when it is asked for.
  const isAllowed = ({ protocol }: URL): boolean => protocol === 'https:';
  const origins = urls.filter(isAllowed).map(({ origin }) => origin);
  return origins.length > 0 ? [...new Set(origins)] : ['https://rs.example'];
}

async function signerOf(jwk: JsonObject): Promise<Signer> {
  const { kty, crv, d, x, y, n, e, p, q, dp, dq, qi } = jwk as JsonWebKey;
  const algorithm = ALGORITHMS[crv ?? kty ?? ''];
  if (algorithm === undefined) throw new Error(`no signer for ${kty} ${crv}`);
  const members = { kty, crv, d, x, y, n, e, p, q, dp, dq, qi };
  const isPublic = (name: string): boolean => ['kty', 'crv', 'x', 'y', 'n', 'e'].includes(name);
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  const publicMembers = present.filter(([name]) => isPublic(name));
  const keyPair: CryptoKeyPair = {
    privateKey: await importKey(Object.fromEntries(present), algorithm.key, 'sign'),
    publicKey: await importKey(Object.fromEntries(publicMembers), algorithm.key, 'verify'),
  };
  return createSignerFromKeyPair(keyPair, algorithm.name);
}

function importKey(
  jwk: JsonWebKey,
  algorithm: EcKeyImportParams | RsaHashedImportParams | Algorithm,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', jwk, algorithm, usage === 'verify', [usage]);
}

/** A network that answers as scripted and keeps what went out. */
function createNetwork(): {
  readonly fetch: typeof fetch;
  readonly requests: EmittedRequest[];
  script(responses: readonly ScriptedResponse[]): void;
} {
  const requests: EmittedRequest[] = [];
  let scripted: ScriptedResponse[] = [];
  return {
    requests,
    script(responses) {
      scripted = [...responses];
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const body = await request.text();
      requests.push({
        method: request.method,
        url: request.url,
        fields: [...request.headers],
        ...(body !== '' && { body }),
      });
      const next = scripted.shift();
      if (next === undefined) throw new Error('the script has no further answer');
      const hasBody = next.body !== undefined && next.status !== 204;
      return new Response(hasBody ? next.body : null, {
        status: next.status,
        headers: next.fields.map(([name, value]): [string, string] => [name, value]),
      });
    },
  };
}
