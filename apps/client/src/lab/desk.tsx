import { createProof, createSigner, type Signer } from '@keybound/signer';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { deliver, type WireRequest, type WireResponse } from '../comparison/wire.ts';
import type { DeskAnswer, DeskOrder } from './desk-messages.ts';
import { fetchLabConfig } from './lab-config.ts';
import { TEXTS } from './texts.ts';

/** What has leaked, newest first, and what came of it. */
interface Loot {
  readonly id: number;
  readonly story: string;
  readonly request: WireRequest;
  readonly outcome: string;
}

const KEPT_LOOT = 30;
const { desk: texts } = TEXTS;

/** The thief's own key; made here, and of no use elsewhere either. */
let ownSigner: Promise<Signer> | undefined;

function describe({ status, reason, sentence }: WireResponse): string {
  const words = reason ?? sentence ?? '';
  return `${texts.status(status)}${words && `: ${words}`}`;
}

/** The same request with a proof by the thief's own key. */
async function withOwnKey(request: WireRequest): Promise<WireRequest> {
  ownSigner ??= createSigner();
  const accessToken = request.headers.authorization?.replace(/^\S+\s+/, '');
  const { method, url } = request;
  const dpop = await createProof(await ownSigner, { method, uri: url, accessToken });
  return { ...request, headers: { ...request.headers, dpop } };
}

function send(request: WireRequest): Promise<WireResponse> {
  return deliver(request, { fetch: (input, init) => fetch(input, init) });
}

/** Carries out one order of the lab. */
async function carryOut(
  order: DeskOrder,
  onLoot: (loot: Omit<Loot, 'id'>) => void,
): Promise<DeskAnswer> {
  if (order.kind === 'received') {
    const response = await fetch(`/malicious-api/${order.play}/received`);
    return { kind: 'received', request: (await response.json()) ?? undefined };
  }
  const { request, story } = order;
  try {
    const response = await send(request);
    onLoot({ story, request, outcome: describe(response) });
    const { status, headers, body } = response;
    return { kind: 'sent', status, headers, body };
  } catch {
    onLoot({ story, request, outcome: texts.unreachable });
    return { kind: 'failed', sentence: texts.unreachable };
  }
}

function Desk() {
  const [loot, setLoot] = useState<readonly Loot[]>([]);

  function add(one: Omit<Loot, 'id'>): void {
    setLoot((all) => [{ ...one, id: (all[0]?.id ?? 0) + 1 }, ...all].slice(0, KEPT_LOOT));
  }

  useEffect(() => {
    const config = fetchLabConfig();
    async function listen({ origin, source, data, ports }: MessageEvent): Promise<void> {
      // The lab alone may give orders: who could, could have this origin call the servers.
      if (origin !== (await config).labOrigin || source !== window.parent) return;
      ports[0]?.postMessage(await carryOut(data as DeskOrder, add));
    }
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, []);

  async function again(
    { story, request }: Loot,
    prepare: (one: WireRequest) => Promise<WireRequest>,
  ) {
    const prepared = await prepare(request);
    try {
      add({ story, request: prepared, outcome: describe(await send(prepared)) });
    } catch {
      add({ story, request: prepared, outcome: texts.unreachable });
    }
  }

  return (
    <main>
      <h1>{texts.title}</h1>
      <p role="status">{loot[0] ? `${loot[0].story}: ${loot[0].outcome}` : texts.empty}</p>
      <ul class="loot">
        {loot.map((one) => (
          <li key={one.id}>
            <strong>{one.story}</strong> <span>{one.outcome}</span>
            <pre tabIndex={0} role="group" aria-label={texts.holds}>
              {`${one.request.method} ${one.request.url}\n`}
              {Object.entries(one.request.headers)
                .map(([name, value]) => `${name}: ${value}`)
                .join('\n')}
            </pre>
            <button type="button" onClick={() => again(one, async (request) => request)}>
              {texts.again}
            </button>
            {one.request.headers.dpop !== undefined && (
              <button type="button" onClick={() => again(one, withOwnKey)}>
                {texts.ownKey}
              </button>
            )}
          </li>
        ))}
      </ul>
    </main>
  );
}

const place = document.querySelector('#desk');
if (place !== null) render(<Desk />, place);
