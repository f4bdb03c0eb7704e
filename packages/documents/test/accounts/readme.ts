import { generateKeyPair, type SigningKey } from '@keybound/core';
import { createProof, createSigner } from '@keybound/signer';
import { decodeJws, testRequest, thumbprint } from '@keybound/test-kit';
import { expect } from 'vitest';
import { type Accounts, runs } from '../support/account.ts';
import { expectProtected } from '../support/expect-protected.ts';
import { guardedBy } from '../support/guarded-by.ts';
import { isDemoTable } from './demo-table.ts';
import { isSequenceDiagram } from './drawings.ts';

/** The blocks of README.md. */
export const README: Accounts = {
  'README.md # See it: plain 1': isDemoTable,
  'README.md # How it works: mermaid 1': isSequenceDiagram,

  'README.md # Use it: ts 1': runs(async (world) => {
    expect(await expectProtected(world)).toBe('notes of user-alice');
    expect(world.network.askedFor()[0]).toBe(3000);
  }),

  'README.md # Use it: ts 2': runs(({ api, printed }) => {
    expect(printed.join()).toContain("scheme: 'DPoP'");
    expect(api.answers).toEqual(['GET /notes 401', 'GET /notes 200']);
  }),

  'README.md # Use it: ts 3': runs(async (world, { bearer }) => {
    const send = guardedBy(bearer);
    const protection = { schemes: ['Bearer'], format: 'opaque', send } as const;
    expect(await expectProtected(world, protection)).toBe('user-alice');
  }),

  'README.md # Use it: ts 4': runs(async (_, { issue }) => {
    const { privateKey } = await generateKeyPair('ES256', false);
    const signingKey = (): SigningKey => ({ kid: '1', algorithm: 'ES256', privateKey });
    const request = (fields: Record<string, string>) =>
      testRequest(fields, { method: 'POST', target: '/token' });
    const signer = await createSigner();
    const dpop = await createProof(signer, { method: 'POST', uri: 'https://as.example/token' });
    const bound = await issue(request({ dpop }), signingKey, 'alice');
    expect(decodeJws(bound.token).payload).toMatchObject({
      sub: 'alice',
      cnf: { jkt: thumbprint({ ...signer.publicJwk }) },
    });
    const plain = await issue(request({}), signingKey, 'alice');
    expect(decodeJws(plain.token).payload).not.toHaveProperty('cnf');
    await expect(issue(request({ dpop }), signingKey, 'alice')).rejects.toMatchObject({
      reason: 'proof_replayed',
    });
  }),
};
