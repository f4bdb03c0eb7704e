import { isAuthError } from '@keybound/core';
import { RESOURCE, testRequest } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpUri } from '../src/http-uri.ts';
import type { TrustedProxies } from '../src/proxies.ts';
import { createTargetUri, type TargetUriOptions } from '../src/target-uri.ts';

const PROXY = '10.0.0.1';
const INNER_PROXY = '10.0.0.2';
const STRANGER = '192.0.2.1';
const trusts = (address: string): boolean =>
  [PROXY, INNER_PROXY, 'unix:', '2001:db8::1'].includes(address);

type Fields = Readonly<Record<string, string | readonly string[]>>;

interface Sent {
  readonly fields?: Fields;
  readonly target?: string;
  readonly peer?: string | undefined;
}

const SEVERAL: TargetUriOptions = {
  publicOrigin: RESOURCE,
  furtherOrigins: ['https://api.example', 'https://rs.example:8443', 'http://localhost:4001'],
};
const withProxies = (proxies: Partial<TrustedProxies> = {}): TargetUriOptions => ({
  ...SEVERAL,
  proxies: { trusts, fields: 'x-forwarded', ...proxies },
});

/** The target URI, or the fault for which the request is refused. */
function outcome(options: TargetUriOptions, { fields = {}, target = '/r', peer }: Sent): string {
  const request = { ...testRequest(fields, { target }), peerAddress: peer };
  try {
    return formatHttpUri(createTargetUri(options)(request).uri);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    expect(error.reason).toBe('target_invalid');
    return `${error.facts.fault}`;
  }
}

describe('several origins, chosen by the host of the request', () => {
  it.each([
    ['rs.example', 'https://rs.example/r'],
    ['api.example', 'https://api.example/r'],
    ['API.Example', 'https://api.example/r'],
    ['api.example:443', 'https://api.example/r'],
    ['api.example:', 'https://api.example/r'],
    ['rs.example:8443', 'https://rs.example:8443/r'],
    ['localhost:4001', 'http://localhost:4001/r'],
    ['evil.example', 'host_unknown'],
    ['api.example.evil.example', 'host_unknown'],
    ['api.example.', 'host_unknown'],
    ['api.example:80', 'host_unknown'],
    ['api.example:8443', 'host_unknown'],
    ['api.example:0443', 'host_unknown'],
    ['localhost', 'host_unknown'],
    ['', 'host_unknown'],
  ])('host %j → %s, in HTTP/1.1 and HTTP/2 alike [URI-08]', (host, expected) => {
    expect(outcome(SEVERAL, { fields: { host } })).toBe(expected);
    expect(outcome(SEVERAL, { fields: { ':authority': host } })).toBe(expected);
    expect(outcome(SEVERAL, { fields: { host, ':authority': host } })).toBe(expected);
  });

  it('no host at all → refused', () => {
    expect(outcome(SEVERAL, {})).toBe('host_unknown');
  });

  it.each([
    ['https://api.example/r', 'api.example', 'https://api.example/r'],
    ['https://api.example/r', 'rs.example', 'target_other_origin'],
    ['https://evil.example/r', 'api.example', 'target_other_origin'],
    ['http://api.example/r', 'api.example', 'target_other_origin'],
    ['//rs.example/r', 'api.example', 'https://api.example//rs.example/r'],
  ])('target %s with host %s → %s [URI-09]', (target, host, expected) => {
    expect(outcome(SEVERAL, { target, fields: { host } })).toBe(expected);
  });
});

describe('X-Forwarded-Host', () => {
  const host = 'internal:8080';
  it.each<[string, Sent, string]>([
    [
      'J03 of a trusted peer',
      { peer: PROXY, fields: { 'x-forwarded-host': 'api.example' } },
      'https://api.example/r',
    ],
    [
      'over a unix socket',
      { peer: 'unix:', fields: { 'x-forwarded-host': 'api.example' } },
      'https://api.example/r',
    ],
    [
      'with a port',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example:8443' } },
      'https://rs.example:8443/r',
    ],
    [
      'and X-Forwarded-Port',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': '8443' } },
      'https://rs.example:8443/r',
    ],
    [
      'and the default port',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': '443' } },
      'https://rs.example/r',
    ],
    [
      'with a port, which X-Forwarded-Port does not change',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example:443', 'x-forwarded-port': '8443' } },
      'https://rs.example/r',
    ],
    [
      'and the port of plain http',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': '80' } },
      'forwarded_host_unknown',
    ],
    [
      'and another X-Forwarded-Proto, which has no say',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-proto': 'http' } },
      'https://rs.example/r',
    ],
    [
      'of another host',
      { peer: PROXY, fields: { 'x-forwarded-host': 'evil.example' } },
      'forwarded_host_unknown',
    ],
    [
      'in two lines',
      { peer: PROXY, fields: { 'x-forwarded-host': ['api.example', 'api.example'] } },
      'forwarded_host_repeated',
    ],
    [
      'as a list',
      { peer: PROXY, fields: { 'x-forwarded-host': 'evil.example, api.example' } },
      'forwarded_host_repeated',
    ],
    [
      'with userinfo',
      { peer: PROXY, fields: { 'x-forwarded-host': 'x@api.example' } },
      'forwarded_host_malformed',
    ],
    [
      'with a path',
      { peer: PROXY, fields: { 'x-forwarded-host': 'api.example/x' } },
      'forwarded_host_malformed',
    ],
    [
      'with a scheme',
      { peer: PROXY, fields: { 'x-forwarded-host': 'https://api.example' } },
      'forwarded_host_malformed',
    ],
    ['empty', { peer: PROXY, fields: { 'x-forwarded-host': '' } }, 'forwarded_host_malformed'],
    [
      'left out, although the own Host is known',
      { peer: PROXY, fields: { host: 'api.example' } },
      'forwarded_host_missing',
    ],
    [
      'and two X-Forwarded-Port',
      {
        peer: PROXY,
        fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': ['443', '8443'] },
      },
      'forwarded_host_repeated',
    ],
    [
      'and a list in X-Forwarded-Port',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': '443,8443' } },
      'forwarded_host_repeated',
    ],
    [
      'and an X-Forwarded-Port that is none',
      { peer: PROXY, fields: { 'x-forwarded-host': 'rs.example', 'x-forwarded-port': '443@evil' } },
      'forwarded_host_malformed',
    ],
    [
      'and a Host in two lines',
      { peer: PROXY, fields: { host: [host, host], 'x-forwarded-host': 'api.example' } },
      'host_repeated',
    ],
    [
      'beside a Forwarded of the other convention',
      { peer: PROXY, fields: { 'x-forwarded-host': 'api.example', forwarded: 'host=rs.example' } },
      'https://api.example/r',
    ],
    [
      'of a stranger, whose Host is known',
      { peer: STRANGER, fields: { host: 'rs.example', 'x-forwarded-host': 'api.example' } },
      'https://rs.example/r',
    ],
    [
      'of a stranger, whose Host is not',
      { peer: STRANGER, fields: { host, 'x-forwarded-host': 'api.example' } },
      'host_unknown',
    ],
    [
      'of a peer whose address is not known',
      { fields: { host, 'x-forwarded-host': 'api.example' } },
      'host_unknown',
    ],
    [
      'of a trusted peer, beside another absolute-form',
      {
        peer: PROXY,
        target: 'https://rs.example/r',
        fields: { 'x-forwarded-host': 'api.example' },
      },
      'target_other_origin',
    ],
  ])('%s, %j → %s [URI-08, BCP-4.13-01]', (_name, sent, expected) => {
    expect(outcome(withProxies(), { ...sent, fields: { host, ...sent.fields } })).toBe(expected);
  });
});

describe('Forwarded (RFC 7239)', () => {
  it.each<[string, string | readonly string[], string]>([
    ['one element', `for=${STRANGER};host=api.example`, 'https://api.example/r'],
    ['one element without "for"', 'host=api.example;proto=https', 'https://api.example/r'],
    ['one element with a hidden "for"', 'for=_x;host=api.example', 'https://api.example/r'],
    ['a host with a port', `for=${STRANGER};host="rs.example:8443"`, 'https://rs.example:8443/r'],
    [
      'a proto, which has no say',
      `for=${STRANGER};host=api.example;proto=http`,
      'https://api.example/r',
    ],
    [
      'what a client sent before it',
      `for=${PROXY};host=rs.example, for=${STRANGER};host=api.example`,
      'https://api.example/r',
    ],
    [
      'the same in a line of its own',
      [`for=${PROXY};host=rs.example`, `for=${STRANGER};host=api.example`],
      'https://api.example/r',
    ],
    [
      'two trusted hops',
      `for=${STRANGER};host=api.example, for=${PROXY};host=internal`,
      'https://api.example/r',
    ],
    [
      'two trusted hops, the inner one without host',
      `for=${STRANGER};host=api.example, for=${PROXY}`,
      'https://api.example/r',
    ],
    [
      'two trusted hops with ports',
      `for="${STRANGER}:1234";host=api.example, for="${PROXY}:80"`,
      'https://api.example/r',
    ],
    [
      'a trusted hop of version 6',
      `for=${STRANGER};host=api.example, for="[2001:db8::1]:80"`,
      'https://api.example/r',
    ],
    [
      'three, of which a client sent the first',
      `for=${PROXY};host=rs.example, for=${STRANGER};host=api.example, for=${INNER_PROXY}`,
      'https://api.example/r',
    ],
    [
      'trusted hops only, as from an inner client',
      `for=${PROXY};host=api.example, for=${INNER_PROXY};host=internal`,
      'https://api.example/r',
    ],
    [
      'two, the inner one not knowing the outer',
      `for=${STRANGER};host=api.example, for=10.9.9.9;host=internal`,
      'forwarded_unknown',
    ],
    [
      'two, the inner one hiding the outer',
      `for=${STRANGER};host=api.example, for=_hidden;host=rs.example`,
      'forwarded_for_hidden',
    ],
    [
      'two, the inner one not knowing',
      `for=${STRANGER};host=api.example, for=unknown;host=rs.example`,
      'forwarded_for_hidden',
    ],
    [
      'two, the inner one without "for"',
      'host=api.example, host=rs.example',
      'forwarded_for_hidden',
    ],
    ['no field', [], 'forwarded_missing'],
    ['an empty field', '', 'forwarded_malformed'],
    ['no host', `for=${STRANGER}`, 'forwarded_without_host'],
    ['an empty host', `for=${STRANGER};host=""`, 'forwarded_without_host'],
    ['a host with userinfo', `for=${STRANGER};host="x@api.example"`, 'forwarded_without_host'],
    ['a host with a path', `for=${STRANGER};host="api.example/"`, 'forwarded_without_host'],
    ['another host', `for=${STRANGER};host=evil.example`, 'forwarded_unknown'],
    ['two hosts', `for=${STRANGER};host=api.example;host=rs.example`, 'forwarded_malformed'],
    [
      'an open quotation mark of the client',
      `x=", for=${STRANGER};host="api.example"`,
      'forwarded_malformed',
    ],
  ])('%s, %j → %s [URI-08]', (_name, forwarded, expected) => {
    const fields = { host: 'rs.example', 'x-forwarded-host': 'rs.example:8443', forwarded };
    const options = withProxies({ fields: 'forwarded' });
    expect(outcome(options, { peer: INNER_PROXY, fields })).toBe(expected);
    expect(outcome(options, { peer: STRANGER, fields })).toBe(`${RESOURCE}/r`);
  });

  it('more than 4096 characters, in one field line or in many → not judged [JOSE-LIMIT-P1]', () => {
    const options = withProxies({ fields: 'forwarded' });
    const hop = `for=${STRANGER};host=api.example`;
    for (const forwarded of [`x="${'a'.repeat(4096)}", ${hop}`, Array(200).fill(hop)]) {
      expect(outcome(options, { peer: PROXY, fields: { forwarded } })).toBe('forwarded_too_long');
    }
    const [allowed] = [`x="${'a'.repeat(4000)}", ${hop}`];
    expect(outcome(options, { peer: PROXY, fields: { forwarded: allowed } })).toBe(
      'https://api.example/r',
    );
  });
});

describe('a Host of 16 KiB → none of ours [JOSE-LIMIT-P1]', () => {
  it.each(['a', ':', '[', '1:', '@', '%', '\u00ff'])('of %j', (text) => {
    const host = text.repeat(16_384 / text.length);
    expect(outcome(SEVERAL, { fields: { host } })).toMatch(/^host_(?:unknown|malformed)$/);
    const fields = { 'x-forwarded-host': host };
    expect(outcome(withProxies(), { peer: PROXY, fields })).toMatch(
      /^forwarded_host_(?:unknown|malformed)$/,
    );
  });
});

describe('X-Forwarded-Prefix', () => {
  const proxies: TrustedProxies = {
    trusts,
    fields: 'x-forwarded',
    mountPrefixes: ['/v1', '/v2/x'],
  };
  it.each<[string, Sent, string]>([
    ['left out', { peer: PROXY }, '/api/r'],
    ['one of the list', { peer: PROXY, fields: { 'x-forwarded-prefix': '/v1' } }, '/v1/r'],
    ['another of the list', { peer: PROXY, fields: { 'x-forwarded-prefix': '/v2/x' } }, '/v2/x/r'],
    ['mountPrefix itself', { peer: PROXY, fields: { 'x-forwarded-prefix': '/api' } }, '/api/r'],
    ['another', { peer: PROXY, fields: { 'x-forwarded-prefix': '/evil' } }, 'prefix_unknown'],
    [
      'with a slash at the end',
      { peer: PROXY, fields: { 'x-forwarded-prefix': '/v1/' } },
      'prefix_unknown',
    ],
    [
      'in another spelling',
      { peer: PROXY, fields: { 'x-forwarded-prefix': '/%761' } },
      'prefix_unknown',
    ],
    ['empty', { peer: PROXY, fields: { 'x-forwarded-prefix': '' } }, 'prefix_unknown'],
    ['as a list', { peer: PROXY, fields: { 'x-forwarded-prefix': '/v1,/v1' } }, 'prefix_repeated'],
    [
      'in two lines',
      { peer: PROXY, fields: { 'x-forwarded-prefix': ['/v1', '/v1'] } },
      'prefix_repeated',
    ],
    ['of a stranger', { peer: STRANGER, fields: { 'x-forwarded-prefix': '/v1' } }, '/api/r'],
    ['of nobody known', { fields: { 'x-forwarded-prefix': '/v1' } }, '/api/r'],
  ])('%s, %j → %s [URI-13, BCP-4.13-01]', (_name, sent, expected) => {
    const result = outcome({ publicOrigin: RESOURCE, mountPrefix: '/api', proxies }, sent);
    expect(result).toBe(expected.startsWith('/') ? `${RESOURCE}${expected}` : expected);
  });

  it('nothing to choose among → not read, also of a trusted peer', () => {
    const options = {
      publicOrigin: RESOURCE,
      mountPrefix: '/api',
      proxies: { trusts, fields: 'x-forwarded' } as const,
    };
    const fields = { 'x-forwarded-prefix': ['/v1', '/evil'] };
    expect(outcome(options, { peer: PROXY, fields })).toBe(`${RESOURCE}/api/r`);
  });
});

describe('what cannot change the outcome', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'rs.example',
      'api.example',
      'evil.example',
      '/v1',
      'https',
      '8443',
      'for=10.0.0.1;host=api.example',
    ),
    fc.string({ unit: 'binary' }),
  );
  const lines = fc.array(value, { maxLength: 3 });
  const names = [
    'forwarded',
    'x-forwarded-host',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-forwarded-prefix',
    'x-forwarded-for',
    'x-forwarded-server',
    'x-forwarded-uri',
    'x-forwarded-method',
    'x-original-uri',
    'x-original-url',
    'x-original-method',
    'x-rewrite-url',
    'x-real-ip',
    'x-host',
    'via',
    ':scheme',
    ':path',
  ];
  const fieldsOfStranger = fc.record(Object.fromEntries(names.map((name) => [name, lines])), {
    requiredKeys: [],
  });
  const hosts = fc.constantFrom<Fields>(
    {},
    { host: 'api.example' },
    { host: 'evil.example' },
    { ':authority': 'rs.example' },
  );
  const options = fc.constantFrom<TargetUriOptions>(
    { publicOrigin: RESOURCE },
    SEVERAL,
    withProxies({ mountPrefixes: ['/v1'] }),
    withProxies({ fields: 'forwarded', mountPrefixes: ['/v1'] }),
  );

  it('any field of a peer that is not trusted [URI-08, BCP-4.13-01]', () => {
    fc.assert(
      fc.property(
        options,
        hosts,
        fieldsOfStranger,
        fc.constantFrom(STRANGER, undefined, '', '10.0.0.11'),
        (configured, host, fields, peer) => {
          const plain = outcome(configured, { fields: host, peer });
          expect(outcome(configured, { fields: { ...fields, ...host } as Fields, peer })).toBe(
            plain,
          );
        },
      ),
    );
  });

  it('whatever a trusted peer writes, the origin and the prefix are configured ones [URI-08]', () => {
    const possible = [
      'https://rs.example',
      'https://api.example',
      'https://rs.example:8443',
      'http://localhost:4001',
    ].flatMap((origin) => [`${origin}/r`, `${origin}/v1/r`]);
    fc.assert(
      fc.property(options, hosts, fieldsOfStranger, (configured, host, fields) => {
        const result = outcome(configured, {
          fields: { ...fields, ...host } as Fields,
          peer: PROXY,
        });
        expect(result.includes('://') ? possible : [result]).toContain(result);
      }),
    );
  });

  it('with one origin, the host a trusted peer forwards', () => {
    const configured: TargetUriOptions = {
      publicOrigin: RESOURCE,
      proxies: { trusts, fields: 'x-forwarded' },
    };
    for (const fields of [
      {},
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-host': ['a', 'b'] },
    ]) {
      expect(outcome(configured, { peer: PROXY, fields })).toBe(`${RESOURCE}/r`);
    }
  });

  it('a `trusts` that answers with a promise → nobody is trusted', () => {
    const configured = withProxies({
      trusts: (async () => true) as unknown as TrustedProxies['trusts'],
    });
    const fields = { host: 'rs.example', 'x-forwarded-host': 'api.example' };
    expect(outcome(configured, { peer: PROXY, fields })).toBe(`${RESOURCE}/r`);
  });
});

describe('options', () => {
  const further = 'furtherOrigins: give scheme, host and port only, such as https://api.example';
  const mount = 'a path such as /api, in normal form, without a slash at the end';
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a text for a list',
      { furtherOrigins: 'https://api.example' },
      'furtherOrigins: give a list of origins',
    ],
    ['a path in an origin', { furtherOrigins: ['https://api.example/x'] }, further],
    [
      'plain http',
      { furtherOrigins: ['http://api.example'] },
      'furtherOrigins: http://api.example must be https',
    ],
    [
      'no origin',
      { furtherOrigins: ['api.example'] },
      'furtherOrigins: "api.example" is not an absolute URL',
    ],
    [
      'the public origin again',
      { furtherOrigins: ['https://RS.example:443'] },
      'furtherOrigins: https://rs.example is there twice',
    ],
    [
      'one host with two schemes',
      { publicOrigin: 'http://localhost', furtherOrigins: ['https://localhost'] },
      'furtherOrigins: the host localhost could mean both http://localhost and https://localhost',
    ],
    [
      'one host and port with two schemes',
      { furtherOrigins: ['https://localhost:4001', 'http://localhost:4001'] },
      'furtherOrigins: the host localhost:4001 could mean both https://localhost:4001 and http://localhost:4001',
    ],
    [
      'a default port that another origin writes out',
      { furtherOrigins: ['https://localhost', 'http://localhost:443'] },
      'furtherOrigins: the host localhost:443 could mean both https://localhost and http://localhost:443',
    ],
    ['no trusts', { proxies: { fields: 'forwarded' } }, 'proxies.trusts: give a function'],
    [
      'a list for trusts',
      { proxies: { trusts: ['10.0.0.1'], fields: 'forwarded' } },
      'proxies.trusts: give a function',
    ],
    ['no fields', { proxies: { trusts } }, "proxies.fields: must be 'forwarded' or 'x-forwarded'"],
    [
      'other fields',
      { proxies: { trusts, fields: 'both' } },
      "proxies.fields: must be 'forwarded' or 'x-forwarded'",
    ],
    [
      'a text for mountPrefixes',
      { proxies: { trusts, fields: 'forwarded', mountPrefixes: '/v1' } },
      `proxies.mountPrefixes: of each, give ${mount}`,
    ],
    [
      'a bad mount prefix',
      { proxies: { trusts, fields: 'forwarded', mountPrefixes: ['/v1', '/v2/'] } },
      `proxies.mountPrefixes: of each, give ${mount}`,
    ],
    [
      'an empty mount prefix',
      { proxies: { trusts, fields: 'forwarded', mountPrefixes: ['/'] } },
      `proxies.mountPrefixes: of each, give ${mount}`,
    ],
  ])('%s → TypeError that names the option', (_name, options, message) => {
    const create = () => createTargetUri({ publicOrigin: RESOURCE, ...options });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });
});
