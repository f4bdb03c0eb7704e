import { decodeJws } from '@keybound/test-kit';
import { afterEach, expect, it, vi } from 'vitest';
import {
  createDpopFetch,
  createSharedNonces,
  createSigner,
  type NonceStorage,
} from '../src/index.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const API = 'https://api.example';
const OTHER = 'https://other.example';

/** A server that demands its newest nonce, and what each proof brought. */
function server(nonceOf: () => string) {
  const brought: unknown[] = [];
  const send: typeof fetch = async (_input, init) => {
    const { nonce } = decodeJws(new Headers(init?.headers).get('dpop') ?? '').payload as {
      nonce?: unknown;
    };
    brought.push(nonce);
    const isGood = nonce === nonceOf();
    return new Response(null, {
      status: isGood ? 200 : 401,
      headers: {
        'dpop-nonce': nonceOf(),
        ...(!isGood && { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }),
      },
    });
  };
  return { brought, send };
}

function storage(
  initial: Record<string, string> = {},
): NonceStorage & { readonly values: Map<string, string> } {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
  };
}

async function tab(send: typeof fetch, kept: NonceStorage): Promise<typeof fetch> {
  return createDpopFetch({
    signer: await createSigner(),
    origins: [API, OTHER],
    accessToken: () => 'token',
    nonces: createSharedNonces(kept),
    fetch: send,
  });
}

it('what one tab has learnt the other and the next visit know; the newest counts [DPOP-8.2-01]', async () => {
  let nonce = 'n1';
  const { brought, send } = server(() => nonce);
  const kept = storage();
  const [one, two] = [await tab(send, kept), await tab(send, kept)];
  await one(API);
  await two(API);
  nonce = 'n2';
  await two(API);
  await one(API);
  await (await tab(send, kept))(API);
  expect(brought).toEqual([undefined, 'n1', 'n1', 'n1', 'n2', 'n2', 'n2']);
});

it('no storage is given → localStorage; where that is forbidden, nothing is known', () => {
  const { values, ...kept } = storage();
  vi.stubGlobal('localStorage', kept);
  const nonces = createSharedNonces();
  nonces.set(API, 'n1');
  expect([...values.values()]).toEqual(['n1']);
  expect(nonces.get(API)).toBe('n1');
  expect(nonces.get(OTHER)).toBeUndefined();
  vi.stubGlobal('localStorage', undefined);
  nonces.set(API, 'n2');
  expect(nonces.get(API)).toBeUndefined();
});

it('the nonce of one origin never goes to another [DPOP-9-02]', async () => {
  const { brought, send } = server(() => 'n1');
  const fetchWith = await tab(send, storage());
  await fetchWith(API);
  await fetchWith(OTHER);
  expect(brought).toEqual([undefined, 'n1', undefined, 'n1']);
});

it.each([
  [
    'reading throws',
    {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {},
    },
  ],
  [
    'writing throws',
    {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    },
  ],
  [
    'an old nonce cannot be replaced',
    {
      getItem: () => 'old',
      setItem: () => {
        throw new Error('full');
      },
    },
  ],
])(
  '%s → the tab learns by itself, one refused request for each new nonce',
  async (_name, broken) => {
    let nonce = 'n1';
    const { brought, send } = server(() => nonce);
    const fetchWith = await tab(send, broken);
    expect((await fetchWith(API)).status).toBe(200);
    expect((await fetchWith(API)).status).toBe(200);
    nonce = 'n2';
    expect((await fetchWith(API)).status).toBe(200);
    expect(brought.slice(1)).toEqual(['n1', 'n1', 'n1', 'n2']);
  },
);

it.each([[''], ['with "quotes"'], ['a b'], ['x'.repeat(1025)], ['\u00fc']])(
  'another script has put %j in the place of a nonce → it is not sent [DPOP-8.1-01]',
  async (value) => {
    const { brought, send } = server(() => 'n1');
    await (await tab(send, storage({ [`dpop-nonce ${API}`]: value })))(API);
    expect(brought).toEqual([undefined, 'n1']);
  },
);
