import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { mintProof, type TestKey } from '@keybound/test-kit';

/** One answer, and how long it took. */
export interface Answer {
  readonly status: number;
  /** The error of the body, or an empty text. */
  readonly error: string;
  readonly description: string;
  readonly nonce: string | undefined;
  readonly milliseconds: number;
}

/** One `GET` as it goes out; sending it twice sends the same bytes twice. */
export interface Sendable {
  readonly jti: string;
  readonly port: number;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 128 });

/** Sends a request; a connection that breaks is an answer with status 0. */
export function send({ port, target, headers }: Sendable): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({
        status: 0,
        error: error.message,
        description: '',
        nonce: undefined,
        milliseconds: performance.now() - startedAt,
      });
    const outgoing = httpRequest(
      { agent, host: '127.0.0.1', port, path: target, headers },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('error', fail);
        response.on('end', () => {
          const nonce = response.headers['dpop-nonce'];
          resolve({
            status: response.statusCode ?? 0,
            ...faultIn(body),
            nonce: typeof nonce === 'string' ? nonce : undefined,
            milliseconds: performance.now() - startedAt,
          });
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end();
  });
}

/** Ends the connections that are kept for more. */
export function closeConnections(): void {
  agent.destroy();
}

function faultIn(body: string): { error: string; description: string } {
  try {
    const { error = '', error_description: description = '' } = JSON.parse(body);
    return { error, description };
  } catch {
    return { error: '', description: '' };
  }
}

/** An honest client: a key, a token bound to it, and the newest nonce it was given. */
export interface HonestClient {
  /** A new request with a new proof; to this port, or where the client usually sends. */
  prepare(port?: number): Sendable;
  /** Takes the nonce of an answer, whatever its status (RFC 9449 §8.2). */
  learn(answer: Answer): void;
}

/** What all clients of a test have in common. */
export interface ClientOptions {
  readonly publicOrigin: string;
  readonly target: string;
  readonly port: number;
  readonly tokenFor: (key: TestKey) => string;
}

export function createClient(options: ClientOptions): HonestClient {
  const { publicOrigin, target, port: usualPort, tokenFor } = options;
  const key = newKey();
  const token = tokenFor(key);
  let nonce: string | undefined;
  return {
    prepare(port = usualPort): Sendable {
      const jti = randomUUID();
      const iat = Math.floor(Date.now() / 1000);
      const proof = mintProof({
        key,
        token,
        claims: { jti, iat, htu: `${publicOrigin}${target}`, ...(nonce && { nonce }) },
      });
      return { jti, port, target, headers: { authorization: `DPoP ${token}`, dpop: proof } };
    },
    learn(answer): void {
      nonce = answer.nonce ?? nonce;
    },
  };
}

function newKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicJwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const privateJwk = privateKey.export({ format: 'jwk' }) as Record<string, string>;
  return { kid: 'client', alg: 'ES256', publicJwk, privateJwk, publicKey, privateKey };
}
