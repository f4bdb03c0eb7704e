import { createBearerAuthenticator } from '@keybound/bearer';
import { createJwtVerifier } from '@keybound/core';
import { createRequestGuard } from '@keybound/web';
import { expect } from 'vitest';
import { type Accounts, runs } from '../support/account.ts';
import { expectProtected } from '../support/expect-protected.ts';
import { API, ISSUER } from '../world/world.ts';

const NOTES = { notesOf: 'user-alice' };
const WEB = 'packages/web/README.md #';

/** The blocks of the READMEs of the adapters but Fastify's. */
export const ADAPTERS: Accounts = {
  'packages/express/README.md # @keybound/express: ts 1': runs(async (world, { app }) => {
    app.listen(3000);
    expect(await expectProtected(world)).toBe('notes of user-alice');
    expect((await fetch(`${API}/status`)).status).toBe(200);
  }),
  'packages/express/README.md # Options: ts 1': runs((_, { trusts }) => {
    expect(['10.0.0.7', '10.0.1.7', '::1'].map(trusts)).toEqual([true, false, false]);
  }),

  [`${WEB} @keybound/web: ts 1`]: runs(async (world, { handle }) => {
    expect(JSON.parse(await expectProtected(world, { send: handle }))).toEqual(NOTES);
  }),
  [`${WEB} Options: ts 1`]: runs(async ({ tokenOf }, { createNote }) => {
    const tokens = createJwtVerifier({ issuer: ISSUER, audience: API });
    const guard = createRequestGuard({ authenticators: [createBearerAuthenticator({ tokens })] });
    const { token } = await tokenOf({ bound: false });
    const send = async (form: Record<string, string>) => {
      const headers = { authorization: `Bearer ${token}` };
      const body = new URLSearchParams(form);
      const request = new Request(`${API}/notes`, { method: 'POST', headers, body });
      return (await createNote(request, await guard.decide(request))).status;
    };
    expect(await send({ text: 'a note' })).toBe(201);
    expect(await send({ text: 'a note', access_token: token })).toBe(400);
  }),
  [`${WEB} Hono: ts 1`]: runs(async (world, { app }) => {
    const body = await expectProtected(world, { send: (request) => app.fetch(request) });
    expect(JSON.parse(body)).toEqual(NOTES);
  }),
  [`${WEB} Next.js: ts 1`]: runs(async (world, { GET }) => {
    expect(JSON.parse(await expectProtected(world, { send: GET }))).toEqual(NOTES);
  }),
  [`${WEB} A worker: ts 1`]: runs(async (world, { default: worker }) => {
    const body = await expectProtected(world, { send: (request) => worker.fetch(request) });
    expect(JSON.parse(body)).toMatchObject({ sub: 'user-alice' });
  }),
};
