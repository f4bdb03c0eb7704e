import { startServer, type TestServer } from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchIssuerMetadata } from '../src/index.ts';
import { metadataEndpoint, metadataUrls } from '../src/keys/issuer-metadata.ts';
import { outcome } from './support.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const OAUTH = '/.well-known/oauth-authorization-server';
const OIDC = '/.well-known/openid-configuration';

function targets(): string[] {
  return server.received.map(({ target }) => target);
}

describe('fetchIssuerMetadata', () => {
  it('RFC 8414 metadata → that, and nothing else is asked [META-3-01]', async () => {
    const metadata = { issuer: server.origin, jwks_uri: 'https://x.example', foo: 1 };
    server.routes.set(OAUTH, { body: metadata });
    expect(await fetchIssuerMetadata(server.origin)).toEqual(metadata);
    expect(targets()).toEqual([OAUTH]);
  });

  it('an issuer with a path and only the appended OpenID document → found last, in order [META-3-01] [MCP-ASM-01]', async () => {
    const issuer = `${server.origin}/t1`;
    server.routes.set(`/t1${OIDC}`, { body: { issuer } });
    expect(await fetchIssuerMetadata(issuer)).toEqual({ issuer });
    expect(targets()).toEqual([`${OAUTH}/t1`, `${OIDC}/t1`, `/t1${OIDC}`]);
  });

  it('an issuer with a path and the inserted OpenID document → found second [MCP-ASM-01]', async () => {
    const issuer = `${server.origin}/t1`;
    server.routes.set(`${OIDC}/t1`, { body: { issuer } });
    expect(await fetchIssuerMetadata(issuer)).toEqual({ issuer });
    expect(targets()).toEqual([`${OAUTH}/t1`, `${OIDC}/t1`]);
  });

  it('no document anywhere → UnavailableError after each place once', async () => {
    expect(await outcome(() => fetchIssuerMetadata(server.origin))).toEqual({
      component: 'issuer_metadata',
      message: `${server.origin} publishes no metadata`,
      retryAfterSeconds: 5,
    });
    expect(targets()).toEqual([OAUTH, OIDC]);
  });

  it.each([302, 400, 403, 429, 500])(
    'status %i at the first place → UnavailableError, the next place is not asked',
    async (status) => {
      server.routes.set(OAUTH, { status, headers: { location: OIDC } });
      server.routes.set(OIDC, { body: { issuer: server.origin } });
      expect(await outcome(() => fetchIssuerMetadata(server.origin))).toEqual({
        component: 'issuer_metadata',
        message: `${server.origin}${OAUTH} answered with status ${status}`,
        retryAfterSeconds: 5,
      });
      expect(targets()).toEqual([OAUTH]);
    },
  );

  it('a document that is no JSON → UnavailableError', async () => {
    server.routes.set(OAUTH, { headers: { 'content-type': 'text/html' }, body: '<html>' });
    expect(await outcome(() => fetchIssuerMetadata(server.origin))).toEqual({
      component: 'issuer_metadata',
      message: `${server.origin}${OAUTH} could not be read`,
      retryAfterSeconds: 5,
    });
  });

  it.each([
    ['another server', () => 'https://evil.example'],
    ['a trailing slash', () => `${server.origin}/`],
    ['another case', () => server.origin.toUpperCase()],
    ['no issuer', () => undefined],
    ['a list', () => [server.origin]],
  ])('a document that names %s → UnavailableError [META-3.3-01]', async (_name, issuer) => {
    server.routes.set(OAUTH, { body: { issuer: issuer() } });
    server.routes.set(OIDC, { body: { issuer: server.origin } });
    expect(await outcome(() => fetchIssuerMetadata(server.origin))).toEqual({
      component: 'issuer_metadata',
      message: `${server.origin}${OAUTH} is the metadata of another issuer`,
      retryAfterSeconds: 5,
    });
  });

  it.each([
    [
      'http://as.example',
      {},
      'issuer: http://as.example must be https (http is for loopback only)',
    ],
    ['https://as.example?a=1', {}, 'issuer: a query is not allowed (RFC 8414 §2)'],
    ['https://as.example?', {}, 'issuer: a query is not allowed (RFC 8414 §2)'],
    ['https://as.example', { maxBytes: 0 }, 'maxBytes: must be a whole number, 1 or more'],
  ])('%s with %j → TypeError [META-2-01]', async (issuer, options, message) => {
    expect(await outcome(() => fetchIssuerMetadata(issuer, options))).toEqual({
      typeError: message,
    });
  });
});

describe('metadataUrls', () => {
  it.each([
    ['https://as.example', [OAUTH, OIDC]],
    ['https://as.example/', [OAUTH, OIDC]],
    ['https://as.example/t1', [`${OAUTH}/t1`, `${OIDC}/t1`, `/t1${OIDC}`]],
    ['https://as.example/t1/', [`${OAUTH}/t1`, `${OIDC}/t1`, `/t1${OIDC}`]],
    ['https://as.example/a/b', [`${OAUTH}/a/b`, `${OIDC}/a/b`, `/a/b${OIDC}`]],
  ])('%s → its places in order [META-3-01]', (issuer, paths) => {
    expect(metadataUrls(issuer)).toEqual(paths.map((path) => `https://as.example${path}`));
  });
});

describe('metadataEndpoint', () => {
  it('an https URL → that text', () => {
    const metadata = { issuer: 'https://as.example', jwks_uri: 'https://keys.example/jwks?v=1' };
    expect(metadataEndpoint(metadata, 'jwks_uri')).toBe('https://keys.example/jwks?v=1');
  });

  it.each([
    ['plain http', 'http://as.example/jwks'],
    ['a path', '/jwks'],
    ['a file', 'file:///etc/passwd'],
    ['empty', ''],
    ['missing', undefined],
    ['a list', ['https://as.example/jwks']],
  ])('%s → UnavailableError [ATJWT-JWKS-P1]', async (_name, jwks_uri) => {
    const metadata = { issuer: 'https://as.example', jwks_uri };
    expect(await outcome(() => metadataEndpoint(metadata, 'jwks_uri'))).toEqual({
      component: 'issuer_metadata',
      message: 'the metadata of https://as.example has no usable jwks_uri',
      retryAfterSeconds: 5,
    });
  });
});

describe('an endpoint on this machine', () => {
  const endpoint = 'http://127.0.0.1:9/introspect';
  const read = (issuer: string) =>
    outcome(() =>
      metadataEndpoint({ issuer, introspection_endpoint: endpoint }, 'introspection_endpoint'),
    );

  it('named by an issuer on this machine → used', async () => {
    expect(await read('http://localhost:9')).toEqual({ accepted: endpoint });
  });

  it('named by a remote issuer → UnavailableError: it would get our credentials [PRM-7.7-01]', async () => {
    expect(await read('https://as.example')).toMatchObject({ component: 'issuer_metadata' });
  });
});
