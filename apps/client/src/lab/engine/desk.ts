import type { WireRequest } from '../../comparison/wire.ts';
import type { DeskAnswer, DeskOrder } from '../desk-messages.ts';

/** The attacker's desk as the lab sees it: a frame of another origin that is given what leaks. */
export interface Desk {
  /** A `fetch` that sends from the desk's origin. */
  readonly fetch: typeof fetch;
  /** What arrived at the malicious API for a play. */
  received(play: string): Promise<WireRequest | undefined>;
  /** Names the story that the next requests belong to, for who looks over the thief's shoulder. */
  setStory(story: string): void;
}

const TIMEOUT_MS = 15_000;

/** The desk in a frame. */
export function createDesk(frame: HTMLIFrameElement, deskOrigin: string): Desk {
  let story = '';

  function order(message: DeskOrder): Promise<DeskAnswer> {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => reject(new Error('the desk does not answer')), TIMEOUT_MS);
      port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        port1.close();
        resolve(data as DeskAnswer);
      };
      // To this origin only: what leaks here is for the thief of the lab, not for any frame.
      frame.contentWindow?.postMessage(message, deskOrigin, [port2]);
    });
  }

  return {
    setStory(text): void {
      story = text;
    },
    async fetch(input, init): Promise<Response> {
      const request = new Request(input, init);
      const body = await request.text();
      const answer = await order({
        kind: 'send',
        story,
        request: {
          method: request.method,
          url: request.url,
          headers: Object.fromEntries(request.headers),
          body: body === '' ? undefined : body,
        },
      });
      if (answer.kind !== 'sent') throw new TypeError('the thief could not reach the server');
      const { status, headers } = answer;
      const isEmpty = status === 204 || status === 304;
      return new Response(isEmpty ? null : answer.body, { status, headers: { ...headers } });
    },
    async received(play): Promise<WireRequest | undefined> {
      const answer = await order({ kind: 'received', play });
      return answer.kind === 'received' ? answer.request : undefined;
    },
  };
}
