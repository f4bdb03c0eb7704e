/** For browsers; `dpopFetch` is what `createDpopFetch` returns. */
export async function openSocket(api: string, dpopFetch: typeof fetch): Promise<WebSocket> {
  const response = await dpopFetch(`${api}/socket-tickets`, { method: 'POST' });
  if (!response.ok) throw new Error(`no ticket: status ${response.status}`);
  const { ticket } = await response.json();
  const url = new URL(`${api.replace(/^http/, 'ws')}/socket`);
  url.searchParams.set('ticket', ticket);
  return new WebSocket(url);
}
