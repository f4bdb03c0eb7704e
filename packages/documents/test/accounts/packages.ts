import { loadVectors, runVectors, selectFiles, textReport } from '@keybound/dpop-vectors';
import { PROGRAMS, startRedis } from '@keybound/test-kit';
import { Redis } from 'ioredis';
import { expect, vi } from 'vitest';
import { type Accounts, isFile, runs } from '../support/account.ts';
import { expectProtected } from '../support/expect-protected.ts';
import { guardedBy } from '../support/guarded-by.ts';
import { openTab } from '../world/tab.ts';
import { API, ISSUER } from '../world/world.ts';

/** A verifier for the adapter of the vectors' README: our own, one for each memory of proofs. */
const VERIFIER = `
import { createProtectedResource } from '../../../conformance/src/ours/protected-resource.ts';

const resources = new WeakMap();

export async function verifyRequest(request, { config, clock, seen }) {
  const resource = resources.get(seen) ?? createProtectedResource(config);
  resources.set(seen, resource);
  resource.moment.now = clock;
  resource.moment.nonce = config.nonce;
  const { decision, status, error, fields } = await resource.decide(request);
  return { granted: decision === 'accept', status, error, headers: fields };
}
`;

/** The blocks of the packages' READMEs. */
export const PACKAGES: Accounts = {
  'packages/bearer/README.md # Example: ts 1': isFile(
    'packages/bearer/test/readme-example.ts',
    'packages/bearer/test/readme.test.ts',
  ),
  'packages/core/README.md # Example: ts 1': isFile(
    'packages/core/test/readme-example.ts',
    'packages/core/test/readme.test.ts',
  ),
  'packages/dpop/README.md # At a resource server: ts 1': isFile(
    'packages/dpop/test/examples/resource-server.ts',
    'packages/dpop/test/readme.test.ts',
  ),
  'packages/dpop/README.md # At a token or PAR endpoint: ts 1': isFile(
    'packages/dpop/test/examples/token-endpoint.ts',
    'packages/dpop/test/readme.test.ts',
  ),
  'packages/signer/README.md # Example: ts 1': isFile(
    'packages/signer/test/example.ts',
    'packages/signer/test/readme.test.ts',
  ),

  'packages/signer/README.md # Example: ts 2': runs(async (world, { open }) => {
    const told: string[] = [];
    // As in a page: the first visit ends at the authorization server, the next begins with its answer.
    const tab = openTab(world, 'https://app.example/');
    const visit = () => open(ISSUER, API, () => told.push('kept in memory'));
    await visit();
    tab.href = await world.alice.authorize(tab.href);
    const dpopFetch = await visit();
    const answer = await dpopFetch(`${API}/notes`);
    expect(await answer.json()).toEqual({ sub: 'user-alice', scheme: 'DPoP' });
    expect(world.api.answers).toEqual(['GET /notes 401', 'GET /notes 200']);
    expect(told).toEqual([]);
  }),

  'packages/fastify/README.md # @keybound/fastify: ts 1': runs(async (world) => {
    expect(await expectProtected(world)).toMatch(/^bound to [\w-]{43}$/);
    expect((await fetch(`${API}/status`)).status).toBe(200);
  }),

  'packages/redis/README.md # Use: ts 1': runs(
    async (world, { dpop }) => {
      expect(await expectProtected(world, { send: guardedBy(dpop) })).toBe('user-alice');
    },
    {
      needs: PROGRAMS.redis,
      async before({ onEnd }, program) {
        const redis = await startRedis(program);
        onEnd(() => redis.close());
        // The module keeps its client to itself, which would go on looking for the server.
        const connect = vi.spyOn(Redis.prototype, 'connect');
        onEnd(() => {
          for (const client of connect.mock.contexts as Redis[]) client.disconnect();
          connect.mockRestore();
        });
        process.env.REDIS_URL = redis.url;
      },
    },
  ),

  'packages/dpop-vectors/README.md # An adapter in JavaScript: js 1': runs(
    async (_, { default: adapter }) => {
      const files = selectFiles(loadVectors(), ['rs-replay']);
      const report = await runVectors(adapter, { files });
      expect(report.counts, textReport(report)).toMatchObject({ failures: 0, notTestable: 0 });
      expect(report.counts.passed).toBeGreaterThan(5);
    },
    { beside: { 'my-verifier.js': VERIFIER } },
  ),

  'packages/dpop-vectors/README.md # An adapter in JavaScript: ts 1': runs(
    async ({ printed }, { check }) => {
      const refuses = { name: 'refuses', answer: () => ({ decision: 'reject' }) };
      expect(await check(refuses)).toBe(false);
      expect(printed.join('\n')).toContain('refuses');
    },
  ),
};
