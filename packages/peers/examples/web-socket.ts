import type { IncomingMessage } from 'node:http';
import { createProof, type Signer } from '@keybound/signer';
import WebSocket from 'ws';

/**
 * Gives a function that opens a WebSocket to one URL. The socket is paused, so that no message is missed:
 * listen first, then call its `resume()`.
 */
export function createSocketOpener(
  url: string,
  signer: Signer,
  accessToken: () => string | Promise<string>,
): () => Promise<WebSocket> {
  let nonce: string | undefined;

  /** The socket, or the answer of a server that refuses it. */
  async function upgrade(): Promise<WebSocket | IncomingMessage> {
    const token = await accessToken();
    // The upgrade is a GET for the https or http URL (RFC 6455 §3, §4.1), and the proof is about that.
    const uri = url.replace(/^ws/, 'http');
    const proof = await createProof(signer, { method: 'GET', uri, accessToken: token, nonce });
    const headers = { authorization: `DPoP ${token}`, dpop: proof };
    // No redirects: the next server would get the token.
    const socket = new WebSocket(url, { headers, followRedirects: false });
    const learn = (response: IncomingMessage): void => {
      const brought = response.headers['dpop-nonce'];
      if (typeof brought === 'string') nonce = brought;
    };
    return new Promise((resolve, reject) => {
      socket.on('upgrade', learn);
      socket.on('unexpected-response', (request, response) => {
        learn(response);
        request.destroy();
        resolve(response);
      });
      socket.on('open', () => {
        socket.pause();
        resolve(socket);
      });
      socket.on('error', reject);
    });
  }

  return async () => {
    const before = nonce;
    let answer = await upgrade();
    // Once more if the refusal brought a nonce (RFC 9449 §9), and not a third time.
    if (!(answer instanceof WebSocket) && answer.statusCode === 401 && nonce !== before) {
      answer = await upgrade();
    }
    if (answer instanceof WebSocket) return answer;
    throw new Error(`the server refuses the upgrade with status ${answer.statusCode}`);
  };
}
