import { credentialsOf, type WireRequest } from './wire.ts';

/** An API that the client trusts and that passes on what it receives. */
export interface MaliciousApi {
  readonly origin: string;
  /** Where the client is made to call it, when it is after another API. */
  urlFor(target: string): string;
  /** What the client has sent here last. */
  lastReceived(): Promise<WireRequest | undefined>;
}

/** The query parameter that names the API it is after. */
export const TARGET_PARAMETER = 'target';

/** What the malicious API sends on: the credentials it was given, to the API it is after. */
export function passedOn(stolen: WireRequest, url: string): WireRequest {
  return { method: stolen.method, url, headers: credentialsOf(stolen), body: undefined };
}
