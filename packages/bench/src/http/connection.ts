import { connect, type Socket } from 'node:net';

/** A response: its status and its whole text, for whoever has to say what was wrong. */
export interface HttpResponse {
  readonly status: number;
  readonly text: string;
}

/** A connection that stays open and has one request in flight. */
export interface Connection {
  /** Sends a request; the function is called with the whole response to it. */
  send(request: Buffer, onResponse: (response: HttpResponse) => void): void;
  /** Resolves when both sides have closed. */
  close(): Promise<void>;
}

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *([0-9]+)\r\n/i;
/** Where the status stands in `HTTP/1.1 200 OK`. */
const STATUS_AT = 9;

/**
 * A client that does no more than what its requests need: it writes octets that are ready and looks for the
 * end of a response by `Content-Length`. Any HTTP library in JavaScript takes longer for a request than
 * Fastify does, and on a machine with two cores it, not the server, would be what is measured.
 *
 * @param onError - told once when the connection breaks or a response has another form
 */
export async function openConnection(
  port: number,
  onError: (error: Error) => void,
): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await opened(socket);
  let answer: ((response: HttpResponse) => void) | undefined;
  let isClosing = false;
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const fail = (error: Error): void => {
    if (!isClosing) onError(error);
    isClosing = true;
    socket.destroy();
  };

  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const end = responseEnd(received);
    if (end === undefined || received.length < end) return;
    if (answer === undefined || received.length !== end) {
      return fail(new Error('the server sends more than one response to a request'));
    }
    const text = received;
    const deliver = answer;
    received = '';
    answer = undefined;
    deliver({ status: Number(text.slice(STATUS_AT, STATUS_AT + 3)), text });
  });
  socket.on('error', fail);
  socket.on('end', () => fail(new Error('the server closed the connection')));

  return {
    send(request, onResponse): void {
      answer = onResponse;
      socket.write(request);
    },
    close(): Promise<void> {
      isClosing = true;
      socket.end();
      return closed;
    },
  };
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Where a response ends; undefined while its head is not complete. Without a length it never does. */
function responseEnd(received: string): number | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const [, length] = CONTENT_LENGTH.exec(received) ?? [];
  return length === undefined ? undefined : headEnd + HEAD_END.length + Number(length);
}
