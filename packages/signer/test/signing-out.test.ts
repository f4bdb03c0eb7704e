import { describe, expect, it } from 'vitest';
import { createAuthorizationCodeTokens } from '../src/index.ts';
import { METADATA } from './support/authorization-server.ts';
import { signedIn } from './support/signed-in-app.ts';

describe('signing out', () => {
  it('forgets, for every page, and revokes the refresh token', async () => {
    const { session, server, options } = await signedIn();
    await session.end();
    expect(server.received).toMatchObject([
      { path: '/revoke', form: { token: 'r1', client_id: 'app' }, proof: undefined },
    ]);
    const otherTab = createAuthorizationCodeTokens(options);
    await expect(otherTab.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    expect(await otherTab.isSignedIn()).toBe(false);
    await session.end();
    expect(server.received).toHaveLength(1);
  });

  it.each([[503], [new TypeError('fetch failed')]])(
    'the server cannot be told (%s) → revocation_failed, and all is forgotten',
    async (status) => {
      const { session, server } = await signedIn();
      server.revocationStatus = status;
      await expect(session.end()).rejects.toMatchObject({ code: 'revocation_failed' });
      expect(await session.isSignedIn()).toBe(false);
    },
  );

  it('at a server without revocation → forgotten all the same', async () => {
    const { revocation_endpoint: _, ...metadata } = METADATA;
    const { session, server } = await signedIn({ metadata });
    await session.end();
    expect(server.received).toEqual([]);
    expect(await session.isSignedIn()).toBe(false);
  });
});
