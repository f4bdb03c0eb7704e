import { connect, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';

/** What became of a request: the status of the answer, or that the stream was reset without one. */
export type Http2Outcome = number | 'reset';

/** Sends a request through Node's client, in clear text; pseudo fields are sent as they are given. */
export function sendHttp2(port: number, fields: OutgoingHttpHeaders): Promise<Http2Outcome> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const settle = (outcome: Http2Outcome): void => {
      resolve(outcome);
      session.destroy();
    };
    const stream = session.request(fields);
    stream.on('response', (response) => settle(Number(response[':status'])));
    stream.on('error', () => settle('reset'));
  });
}

const FRAME = { headers: 1, reset: 3, settings: 4, goAway: 7 } as const;
const END_STREAM_AND_HEADERS = 5;
/** The indexed field `:status: 200` (RFC 7541 appendix A), which every encoder uses. */
const STATUS_200 = 0x88;

/**
 * Sends fields byte by byte as they are given, repeated ones too, which no client does. Tells whether the
 * request got through: `'200'`, `'refused'` with another status, or `'reset'`.
 */
export function sendHttp2Raw(
  port: number,
  fields: readonly (readonly [name: string, value: string])[],
): Promise<'200' | 'refused' | 'reset'> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1', () => {
      socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      socket.write(frame(FRAME.settings, 0, 0, Buffer.alloc(0)));
      const block = Buffer.concat(fields.flatMap(([name, value]) => literal(name, value)));
      socket.write(frame(FRAME.headers, END_STREAM_AND_HEADERS, 1, block));
    });
    let received = Buffer.alloc(0);
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 seconds')));
    socket.on('error', reject);
    socket.on('close', () => resolve('reset'));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
        const [type, first] = [received[3], received[9]];
        received = received.subarray(9 + received.readUIntBE(0, 3));
        if (type === FRAME.headers) resolve(first === STATUS_200 ? '200' : 'refused');
        else if (type === FRAME.reset || type === FRAME.goAway) resolve('reset');
        else continue;
        socket.destroy();
      }
    });
  });
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal field without indexing, new name (RFC 7541 §6.2.2). */
function literal(name: string, value: string): Buffer[] {
  return [Buffer.of(0), text(name), text(value)];
}

/** A string without Huffman code; its length has a prefix of 7 bits (RFC 7541 §5.1, §5.2). */
function text(value: string): Buffer {
  const octets = Buffer.from(value, 'latin1');
  if (octets.length < 127) return Buffer.concat([Buffer.of(octets.length), octets]);
  const length = [127];
  let rest = octets.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.of(...length, rest), octets]);
}
