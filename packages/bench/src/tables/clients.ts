import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createToken, dpopRequest, type PresentedRequest } from '../requests.ts';
import { createKey, type Suite } from '../suite.ts';

/** What is kept of a client between its requests: octets, no key objects. */
interface Client {
  readonly privateKey: Buffer;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly token: string;
}

/** Many clients, each with a key and a token that is bound to it. */
export interface Clients {
  /** A request of one that is drawn at random, each as likely as any other. */
  draw(): PresentedRequest;
}

/**
 * A client is made when it is drawn for the first time. The draws are the same as if all had been made
 * beforehand, and a million of them take no minutes.
 */
export function createClients(suite: Suite, count: number): Clients {
  const clients = new Map<number, Client>();

  return {
    draw(): PresentedRequest {
      const number = Math.floor(Math.random() * count);
      const known = clients.get(number);
      if (known !== undefined) return requestOf(suite, known);
      const made = createClient(suite);
      clients.set(number, made);
      return requestOf(suite, made);
    },
  };
}

function createClient(suite: Suite): Client {
  const key = createKey(suite.algorithm, 'client');
  return {
    privateKey: key.privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicJwk: key.publicJwk,
    token: createToken(suite, key),
  };
}

function requestOf(suite: Suite, { privateKey: der, publicJwk, token }: Client): PresentedRequest {
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return dpopRequest(suite, token, {
    kid: 'client',
    alg: suite.algorithm,
    publicJwk,
    privateJwk: {},
    privateKey,
    publicKey: createPublicKey(privateKey),
  });
}

/** A request of a client that nobody has seen before or will see again. */
export function requestOfNewClient(suite: Suite): PresentedRequest {
  const client = createKey(suite.algorithm, 'client');
  return dpopRequest(suite, createToken(suite, client), client);
}
