import type { WireRequest } from '../comparison/wire.ts';

/** What the lab hands over to the desk, and the desk answers, each through a port of its own. */
export type DeskOrder =
  /** A leaked request: send it from here. */
  | { readonly kind: 'send'; readonly request: WireRequest; readonly story: string }
  /** What has arrived at the malicious API for a play? */
  | { readonly kind: 'received'; readonly play: string };

/** What came of an order. */
export type DeskAnswer =
  | {
      readonly kind: 'sent';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'received'; readonly request: WireRequest | undefined }
  | { readonly kind: 'failed'; readonly sentence: string };
