import { createGuard, createJwtVerifier } from '@keybound/core';
import { createNonces } from '@keybound/dpop';
import { createProof } from '@keybound/signer';
import { testRequest } from '@keybound/test-kit';
import { expect } from 'vitest';
import { type Account, type Accounts, isFile, runs } from '../support/account.ts';
import { ENVIRONMENT } from '../world/environment.ts';
import { API, ISSUER, type World } from '../world/world.ts';
import { isYaml } from './by-language.ts';
import { isSaidToBeUntested, namesEveryWorkspace, namesFilesOf } from './drawings.ts';
import { isStarted } from './proxies.ts';

const isPeersExample = (name: string): Account =>
  isFile(`packages/peers/examples/${name}.ts`, 'packages/peers/test/http-clients.test.ts');

const isRunByNoTest = isSaidToBeUntested(
  'Those for Caddy and Traefik follow the manuals of these programs, and no test runs them.',
);

/** The blocks of docs/, without the guides. */
export const DOCS: Accounts = {
  'docs/architecture.md # The parts: plain 1': namesEveryWorkspace,
  'docs/architecture.md # The way of a request: plain 1': namesFilesOf(
    'packages',
    'packages/core/src',
    'packages/fastify/src',
    'packages/bearer/src',
    'packages/dpop/src',
  ),
  'docs/architecture.md # The client: plain 1': namesFilesOf(
    'packages/signer/src',
    'packages/signer/src/fetch',
  ),
  'docs/architecture.md # The lab: plain 1': namesFilesOf(
    'apps/client/src',
    'apps/client/src/lab',
    'packages',
  ),
  'docs/architecture.md # The authorization server: plain 1': namesFilesOf(
    'apps/auth-server/src',
    'packages/dpop/src',
  ),

  'docs/http-clients.md # ky: ts 1': isPeersExample('ky'),
  'docs/http-clients.md # axios: ts 1': isPeersExample('axios'),
  'docs/http-clients.md # undici: ts 1': isPeersExample('undici'),
  'docs/http-clients.md # WebSocket: ts 1': isPeersExample('web-socket'),
  'docs/http-clients.md # WebSocket: ts 2': isPeersExample('web-socket-ticket'),

  'docs/proxies.md # What to set: ts 1': runs(async (world, { createDpop }) => {
    const guard = createGuard({
      authenticators: [createDpop(createJwtVerifier({ issuer: ISSUER, audience: API }))],
    });
    const at = async (htu: string, host: string, peerAddress = '203.0.113.1', fields = {}) => {
      const request = await requestFor(world, htu, { host, ...fields });
      return (await guard.decide({ ...request, peerAddress })).granted;
    };
    const other = 'https://api.example.org/v1/notes';
    expect(await at(`${API}/v1/notes`, 'api.example')).toBe(true);
    expect(await at(other, 'api.example.org')).toBe(true);
    expect(await at(`${API}/notes`, 'api.example')).toBe(false);
    expect(world.printed.join()).toContain('/v1/notes');
    const forwarded = { 'x-forwarded-host': 'api.example.org' };
    expect(await at(other, 'api.example', '10.0.0.7', forwarded)).toBe(true);
    expect(await at(other, 'api.example', '203.0.113.1', forwarded)).toBe(false);
  }),
  'docs/proxies.md # nginx: nginx 1': isStarted(0),
  'docs/proxies.md # nginx: nginx 2': isStarted(1),
  'docs/proxies.md # nginx: nginx 3': isStarted(2),
  'docs/proxies.md # HAProxy: haproxy 1': isStarted(0),
  'docs/proxies.md # HAProxy: haproxy 2': isStarted(1),
  'docs/proxies.md # Caddy: plain 1': isRunByNoTest,
  'docs/proxies.md # Caddy: plain 2': isRunByNoTest,
  'docs/proxies.md # Traefik: yaml 1': (...all) => [isYaml(...all), isRunByNoTest(...all)],

  'docs/scaling.md # Several regions: ts 1': runs(async (_, { nonces }) => {
    const secrets = () => (ENVIRONMENT.NONCE_SECRETS ?? '').split(',');
    const nonce = await nonces.current();
    const regionNamed = (name: string) => createNonces({ secrets, server: `${API} ${name}` });
    expect(await regionNamed('eu').judge(nonce)).toBeDefined();
    expect(await regionNamed('us').judge(nonce)).toBeUndefined();
  }),
};

/** A request for `/notes`, as it arrives behind the proxy, with a proof for the URI of the client. */
async function requestFor({ tokenOf }: World, htu: string, fields: Record<string, string>) {
  const { token, signer } = await tokenOf();
  if (signer === undefined) throw new Error('a bound token has a key');
  const dpop = await createProof(signer, { method: 'GET', uri: htu, accessToken: token });
  return testRequest({ authorization: `DPoP ${token}`, dpop, ...fields }, { target: '/notes' });
}
