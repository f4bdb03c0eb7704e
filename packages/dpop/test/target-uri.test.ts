import { AuthError } from '@keybound/core';
import { RESOURCE, testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { formatHttpUri } from '../src/http-uri.ts';
import { createTargetUri, type TargetUriOptions } from '../src/target-uri.ts';
import { draftFor, PLACES, RESOURCE_SERVER } from './support/servers.ts';

const target = (
  text: string,
  options: Partial<TargetUriOptions> = {},
  fields: Record<string, string | readonly string[]> = {},
): string => {
  const targetUri = createTargetUri({ publicOrigin: RESOURCE, ...options });
  return formatHttpUri(targetUri(testRequest(fields, { target: text })).uri);
};

describe('origin-form', () => {
  it.each([
    ['/', '/', 'URI-05'],
    ['/r', '/r', 'DPOP-4.3-09'],
    ['/r?a=1&b=https://evil.example/', '/r', 'DPOP-4.3-09'],
    ['/r?', '/r', 'DPOP-4.3-09'],
    ['//evil.example/r', '//evil.example/r', 'URI-09'],
    ['///evil.example/r', '///evil.example/r', 'URI-09'],
    ['/\\evil.example/r', '/%5Cevil.example/r', 'URI-09'],
    ['/@evil.example/r', '/@evil.example/r', 'URI-09'],
    ['/https://evil.example/r', '/https://evil.example/r', 'URI-09'],
    ['/:8443/r', '/:8443/r', 'URI-09'],
    ['/%72', '/r', 'URI-02'],
    ['/a%2Fb', '/a%2Fb', 'URI-03'],
    // what browsers send as it is
    ['/a|b^c`d{e}', '/a%7Cb%5Ec%60d%7Be%7D', 'URI-11'],
    ['/"<>', '/%22%3C%3E', 'URI-11'],
    ['/[a]', '/%5Ba%5D', 'URI-11'],
    ['/a b', '/a%20b', 'URI-11'],
    ['/...', '/...', 'URI-04'],
    ['/.well-known/x', '/.well-known/x', 'URI-04'],
    ['/a..b/c.', '/a..b/c.', 'URI-04'],
    ['/100%', '/100%25', 'URI-11'],
    ['/%zz', '/%25zz', 'URI-11'],
    ['/\u00c3\u00bc', '/%C3%BC', 'URI-11'],
    ['/\u007f\u0000', '/%7F%00', 'URI-11'],
  ])('%j → the configured origin and %s [%s]', (text, path) => {
    expect(target(text)).toBe(`${RESOURCE}${path}`);
  });
});

describe('absolute-form (RFC 9112 §3.2.2)', () => {
  it.each([
    ['https://rs.example/r', '/r'],
    ['https://rs.example/r?a=1', '/r'],
    ['https://rs.example/r?{"a":"b c"}', '/r'],
    ['HTTPS://RS.EXAMPLE:443/%72', '/r'],
  ])('J07 of the configured origin, %s → %s [URI-09]', (text, path) => {
    expect(target(text)).toBe(`${RESOURCE}${path}`);
  });

  it.each([
    ['J06', 'https://evil.example/r'],
    ['J06', 'http://rs.example/r'],
    ['J06', 'https://rs.example:8443/r'],
    ['J06', 'https://rs.example.evil.example/r'],
    ['J06', 'https://rs.example@evil.example/r'],
    ['J06', 'https://evil.example?https://rs.example/r'],
    ['J06', 'https://u:p@rs.example/r'],
    ['J06', 'ftp://rs.example/r'],
    ['J15', '*'],
    ['J15', ''],
    ['J15', 'rs.example:443'],
    ['J15', 'r'],
    ['J15', '?a'],
    ['J15', '\\r'],
    ['J16', '/r#top'],
    ['J16', '/r?a#top'],
    ['J16', '#'],
    ['J16', 'https://rs.example/r#top'],
    ['J07', 'https://rs.example'],
    ['J07', 'https://rs.example?/r'],
    ['F35', '/a/../r'],
    ['F35', '/a/%2e%2E/r'],
    ['F35', '/a/.%2e'],
    ['F35', '/./r'],
    ['F35', '/a;/..;/r'],
    ['F35', 'https://rs.example/../r'],
    ['J12', '/\u4e2d'],
    ['J12', '/\u{1f600}'],
  ])(
    '%s another form or origin, %j → 400 target_invalid at both servers [URI-09]',
    async (_id, text) => {
      expect(() => target(text)).toThrow(AuthError);
      for (const place of PLACES) {
        const outcome = await place.create().send({ proof: draftFor(place).mint(), target: text });
        expect(outcome).toMatchObject({ granted: false, reason: 'target_invalid' });
        expect(outcome.error).toMatchObject({ code: 'invalid_request' });
        expect(outcome.denial).toEqual(place.denial('target_invalid'));
        expect(outcome.denial?.status).toBe(400);
      }
    },
  );

  it.each([
    ['/r?access_token=secret#x', '/r', 'target_fragment'],
    ['/r#access_token=secret', '/r', 'target_fragment'],
    ['https://u:secret@evil.example/r?secret', 'https://evil.example/r', 'target_malformed'],
    ['https://evil.example/r', 'https://evil.example/r', 'target_other_origin'],
    ['*', '*', 'target_form'],
    [`/${'a'.repeat(2048)}?secret`, `/${'a'.repeat(299)}`, 'target_too_long'],
    ['/a/../r', '/a/../r', 'target_dot_segments'],
  ])(
    '%s refused → the facts hold the fault and the target without what may be secret',
    (text, shown, fault) => {
      expect(() => target(text)).toThrow(
        expect.objectContaining({ facts: { target: shown, fault } }),
      );
    },
  );

  it('a character that is no octet → not taken for the octets of its number', () => {
    expect(target('/N2D')).toBe(`${RESOURCE}/N2D`);
    expect(() => target('/\u4e2d')).toThrow(AuthError); // U+4E2D, and %4E is N
  });
});

describe('fields about the origin', () => {
  it.each([
    ['host', 'evil.example'],
    ['host', 'internal:8080'],
    ['host', '[::1]:8080'],
    ['host', ''],
    [':authority', 'evil.example'],
    ['forwarded', 'host=evil.example;proto=http'],
    ['x-forwarded-host', 'evil.example'],
    ['x-forwarded-proto', 'http'],
    ['x-forwarded-prefix', '/evil'],
    ['x-forwarded-port', '81'],
    ['x-original-url', '/evil'],
  ])('J02 %s: %s → changes nothing [URI-08]', async (name, value) => {
    expect(target('/r', {}, { [name]: value })).toBe(`${RESOURCE}/r`);
    const server = RESOURCE_SERVER.create();
    const draft = draftFor(RESOURCE_SERVER);
    const made = draft.mint({ claims: { htu: 'https://evil.example/r' } });
    expect(await server.send({ proof: made, fields: { [name]: value } })).toMatchObject({
      granted: false,
      reason: 'htu_mismatch',
    });
    expect(await server.send({ proof: draft.mint(), fields: { [name]: value } })).toMatchObject({
      granted: true,
    });
  });
});

describe('a host that is not one host', () => {
  it.each([
    ['J10 two lines', { host: ['rs.example', 'evil.example'] }, 'host_repeated'],
    ['J10 two equal lines', { host: ['rs.example', 'rs.example'] }, 'host_repeated'],
    ['two :authority', { ':authority': ['rs.example', 'rs.example'] }, 'host_repeated'],
    ['a path', { host: 'rs.example/x?' }, 'host_malformed'],
    ['a slash alone', { host: 'rs.example/' }, 'host_malformed'],
    ['a query', { host: 'rs.example?x' }, 'host_malformed'],
    ['a fragment', { host: 'rs.example#x' }, 'host_malformed'],
    ['userinfo', { host: 'x@rs.example' }, 'host_malformed'],
    ['a back slash', { host: 'rs.example\\x' }, 'host_malformed'],
    ['a blank', { host: 'rs.example evil.example' }, 'host_malformed'],
    ['a comma and a blank', { host: 'rs.example, evil.example' }, 'host_malformed'],
    ['a tab', { host: 'rs.example\t' }, 'host_malformed'],
    ['a line break', { host: 'rs.example\nx' }, 'host_malformed'],
    ['octets above ASCII', { host: 'b\u00fccher.example' }, 'host_malformed'],
    ['percent-encoding', { host: 'rs%2eexample' }, 'host_malformed'],
    ['a port that is none', { host: 'rs.example:x' }, 'host_malformed'],
    ['two ports', { host: 'rs.example:443:443' }, 'host_malformed'],
    ['a port without host', { host: ':443' }, 'host_malformed'],
    ['a scheme', { host: 'https://rs.example' }, 'host_malformed'],
    ['an address without brackets', { host: '::1' }, 'host_malformed'],
    ['an open bracket', { host: '[::1' }, 'host_malformed'],
    ['an odd :authority', { ':authority': 'x@rs.example' }, 'host_malformed'],
    [
      'another one in :authority',
      { host: 'rs.example', ':authority': 'evil.example' },
      'host_contradicted',
    ],
    ['none in :authority', { host: 'rs.example', ':authority': '' }, 'host_contradicted'],
    [
      'another port in :authority',
      { host: 'rs.example', ':authority': 'rs.example:8443' },
      'host_contradicted',
    ],
  ])('%s → target_invalid, with one origin or several [URI-08, URI-09]', (_name, fields, fault) => {
    for (const furtherOrigins of [[], ['https://further.example']]) {
      expect(() => target('/r', { furtherOrigins }, fields)).toThrow(
        expect.objectContaining({ reason: 'target_invalid', facts: { target: '/r', fault } }),
      );
    }
  });

  it('the same host in Host and :authority, in other case or with an empty port → one host', () => {
    const fields = { host: 'RS.example:', ':authority': 'rs.example' };
    expect(target('/r', {}, fields)).toBe(`${RESOURCE}/r`);
  });

  it('is refused at both servers with 400 before the replay store is asked [URI-08]', async () => {
    for (const place of PLACES) {
      const server = place.create();
      const fields = { host: ['rs.example', 'rs.example'] };
      const outcome = await server.send({ proof: draftFor(place).mint(), fields });
      expect(outcome).toMatchObject({ granted: false, reason: 'target_invalid' });
      expect(outcome.denial).toEqual(place.denial('target_invalid'));
      expect(server.spent).toEqual([]);
    }
  });
});

describe('a mount prefix', () => {
  it.each([
    ['/v1', '/r', '/v1/r'],
    ['/v1', '/', '/v1/'],
    ['/v1', '/r?a', '/v1/r'],
    ['/v1', '//r', '/v1//r'],
    ['/v1/api', '/%72', '/v1/api/r'],
    ['/v1', 'https://rs.example/r', '/v1/r'],
  ])('J14 prefix %s, target %s → %s [URI-13]', (mountPrefix, text, path) => {
    expect(target(text, { mountPrefix })).toBe(`${RESOURCE}${path}`);
  });

  it('a proof for another service of the origin, sent with `..` → refused [URI-13]', async () => {
    const server = RESOURCE_SERVER.create({ mountPrefix: '/v1' });
    const draft = draftFor(RESOURCE_SERVER);
    const own = draft.mint({ claims: { htu: `${RESOURCE}/v1/r` } });
    expect(await server.send({ proof: own, target: '/r' })).toMatchObject({ granted: true });
    const other = draft.mint({ claims: { htu: `${RESOURCE}/r` } });
    expect(await server.send({ proof: other, target: '/../r' })).toMatchObject({
      reason: 'target_invalid',
    });
  });
});

describe('options', () => {
  const FORM = 'publicOrigin: give scheme, host and port only, such as https://api.example';
  it.each([
    ['https://rs.example/api', FORM],
    ['https://rs.example?', FORM],
    ['https://rs.example/?a', FORM],
    ['https://rs.example//', FORM],
    ['https://bücher.example', FORM],
    ['https:rs.example', FORM],
    ['https:\\\\rs.example', FORM],
    [' https://rs.example', FORM],
    ['https://rs.example#', 'publicOrigin: a URL with userinfo or a fragment is not allowed here'],
    ['https://u@rs.example', 'publicOrigin: a URL with userinfo or a fragment is not allowed here'],
    ['http://rs.example', 'publicOrigin: http://rs.example must be https'],
    ['ftp://rs.example', 'publicOrigin: ftp://rs.example must be https'],
    ['rs.example', 'publicOrigin: "rs.example" is not an absolute URL'],
    ['', 'publicOrigin: "" is not an absolute URL'],
    [undefined, 'publicOrigin: undefined is not an absolute URL'],
  ])('publicOrigin %j → TypeError that names it [DPOP-2-01]', (publicOrigin, message) => {
    const create = () => createTargetUri({ publicOrigin: publicOrigin as string });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });

  it.each([
    ['https://rs.example/', 'https://rs.example'],
    ['HTTPS://RS.Example:443', 'https://rs.example'],
    ['https://rs.example:8443', 'https://rs.example:8443'],
    ['http://localhost:4001', 'http://localhost:4001'],
    ['http://127.0.0.1:4001', 'http://127.0.0.1:4001'],
    ['http://[::1]:4001', 'http://[::1]:4001'],
  ])('publicOrigin %s → %s', (publicOrigin, origin) => {
    expect(target('/r', { publicOrigin })).toBe(`${origin}/r`);
  });

  it.each([
    '/',
    'v1',
    '/v1/',
    '/v1/../x',
    '/%76',
    '/v1?a',
    '/v1#a',
    '/a b',
    ':1/x',
    '@evil/x',
    '.evil.example/x',
  ])('mountPrefix %s → TypeError that names it', (mountPrefix) => {
    expect(() => target('/r', { mountPrefix })).toThrow(
      new TypeError(
        'mountPrefix: give a path such as /api, in normal form, without a slash at the end',
      ),
    );
  });
});
