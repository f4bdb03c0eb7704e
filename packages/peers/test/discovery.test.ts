import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, startDeployment } from './support/deployment.ts';
import { INSECURE } from './support/oauth4webapi.ts';

const database = useDatabase();

const RFC_8414 = '/.well-known/oauth-authorization-server';
const OIDC = '/.well-known/openid-configuration';

/** Where a client of MCP looks, in order, for an issuer without a path. */
const MCP_ORDER = [RFC_8414, OIDC];

describe.each(['default', 'mcp', 'fapi'] as const)('discovery, preset %s', (preset) => {
  let servers: Deployment;
  beforeAll(async () => {
    servers = await startDeployment(database, { preset, registration: 'open' });
  });
  afterAll(() => servers.close());

  it('from a challenge of the API by way of its metadata to the authorization server, as a client of MCP goes → PKCE with S256, registration [MCP-PRM-01, MCP-ASM-01, PRM-5.1-01, META-2-01, META-2-02]', async () => {
    const refused = await fetch(`${servers.api}/dpop/notes`);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    const [, resourceMetadata = ''] = /resource_metadata="([^"]*)"/.exec(challenge) ?? [];
    const resource = await fetchJson(resourceMetadata);
    expect(resource.resource).toBe(servers.api);
    expect(resource.authorization_servers).toEqual([servers.issuer]);

    const documents = await Promise.all(MCP_ORDER.map((path) => fetchJson(servers.issuer + path)));
    for (const document of documents) {
      expect(document).toEqual(documents[0]);
      expect(document).toMatchObject({
        issuer: servers.issuer,
        code_challenge_methods_supported: ['S256'],
        registration_endpoint: `${servers.issuer}/register`,
        dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      });
    }
  });

  async function fetchJson(url: string): Promise<Record<string, unknown>> {
    const response = await fetch(url, { redirect: 'error' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    return (await response.json()) as Record<string, unknown>;
  }

  it('openid-client and oauth4webapi by both paths → the same metadata, S256 among them [META-3-01, META-3.3-01, META-2-02, PKCE-C-01]', async () => {
    const url = new URL(servers.issuer);
    const found: unknown[] = [];
    for (const algorithm of ['oauth2', 'oidc'] as const) {
      const config = await client.discovery(url, 'notes-app', undefined, client.None(), {
        algorithm,
        execute: [client.allowInsecureRequests],
      });
      expect(config.serverMetadata().supportsPKCE('S256')).toBe(true);
      found.push({ ...config.serverMetadata() });
      const response = await oauth.discoveryRequest(url, { algorithm, ...INSECURE });
      found.push(await oauth.processDiscoveryResponse(url, response));
    }
    const plain = found.map((metadata) => JSON.parse(JSON.stringify(metadata)));
    for (const metadata of plain) expect(metadata).toEqual(plain[0]);
  });
});
