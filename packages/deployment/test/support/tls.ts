import { connect } from 'node:tls';
import { parseResponse, type RawResponse } from '@keybound/test-kit';

/** Sends exact bytes over TLS, as `sendRaw` does without, and reads until the server closes. */
export function sendRawTls(
  port: number,
  lines: readonly string[],
  servername = 'api.example',
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    // The certificate is the test's own; who is at the other end is known.
    const socket = connect(
      { port, host: '127.0.0.1', servername, rejectUnauthorized: false },
      () => {
        socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
      },
    );
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 seconds')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(parseResponse(Buffer.concat(chunks).toString('latin1'))));
  });
}
