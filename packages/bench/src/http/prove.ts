import {
  type BadRequest,
  badBearerRequests,
  badDpopRequests,
  bearerRequest,
  createToken,
  dpopRequest,
  type PresentedRequest,
} from '../requests.ts';
import { type Client, openClient } from './load.ts';
import type { ServerProcess } from './server-process.ts';
import { SUITE } from './suite.ts';
import { requestOctets } from './wire.ts';

/**
 * Shows over HTTP that a server answers a good request with 200, and with neither 200 nor a fault of its own
 * every bad one. Yardsticks look at nothing, so only their good request counts.
 *
 * @throws Error that names the contender and the request.
 */
export async function proveServer({ contender, port }: ServerProcess): Promise<void> {
  const { good, bad } = requestsFor(contender.receives);
  const client = await openClient(port, 1, false);
  try {
    const status = await statusOf(client, good);
    if (status !== 200) throw new Error(`${contender.name} answers a good request with ${status}`);
    for (const { name, request } of contender.does === 'all' ? bad : []) {
      const refusal = await statusOf(client, request);
      if (refusal !== 400 && refusal !== 401) {
        throw new Error(`${contender.name} answers ${name} with ${refusal}`);
      }
    }
  } finally {
    await client.close();
  }
}

function requestsFor(scheme: 'Bearer' | 'DPoP'): {
  readonly good: PresentedRequest;
  readonly bad: readonly BadRequest[];
} {
  if (scheme === 'Bearer') {
    return { good: bearerRequest(SUITE, createToken(SUITE)), bad: badBearerRequests(SUITE) };
  }
  const token = createToken(SUITE, SUITE.client);
  return { good: dpopRequest(SUITE, token), bad: badDpopRequests(SUITE, token) };
}

async function statusOf(client: Client, request: PresentedRequest): Promise<number> {
  return (await client.ask(requestOctets(request))).status;
}
