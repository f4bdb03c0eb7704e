import { connect } from 'node:net';

/** A response as it came over the socket. */
export interface RawResponse {
  readonly status: number;
  /** Every field line in order, names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/**
 * Sends exact bytes over a socket and reads the answer until the server closes: HTTP clients repair
 * what the tests want to send. Add `Connection: close`, or the server keeps waiting.
 *
 * @param lines - request line and field lines; joined with CRLF, followed by the body
 */
export function sendRaw(port: number, lines: readonly string[], body = ''): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 seconds')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(parseResponse(Buffer.concat(chunks).toString('latin1'))));
  });
}

/** Reads a whole response; one that never came has status 0. */
export function parseResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    fields: lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
    body: text.slice(end + 4),
  };
}

/** The values of all field lines with a name. */
export function fieldValues(response: RawResponse, name: string): readonly string[] {
  return response.fields.filter(([field]) => field === name).map(([, value]) => value);
}
