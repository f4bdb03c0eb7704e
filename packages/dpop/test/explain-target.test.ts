import { isAuthError } from '@keybound/core';
import { RESOURCE, testRequest } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTargetCheck } from '../src/check-target.ts';
import type { TargetUriOptions } from '../src/target-uri.ts';

const PROXY = '10.0.0.1';
const trusts = (address: string): boolean => address === PROXY;

type Fields = Readonly<Record<string, string | readonly string[]>>;

interface Sent {
  readonly htu?: string;
  readonly target?: string;
  readonly fields?: Fields;
  readonly peer?: string;
  readonly options?: Partial<TargetUriOptions>;
}

/** The sentences about a refusal, and the facts on the error. */
function explained({ htu = `${RESOURCE}/r`, target, fields, peer, options }: Sent): {
  sentences: string[];
  facts: Readonly<Record<string, unknown>>;
} {
  const sentences: string[] = [];
  const check = createTargetCheck({
    publicOrigin: RESOURCE,
    explain: (text) => sentences.push(text),
    ...options,
  });
  const request = { ...testRequest(fields, { target: target ?? '/r' }), peerAddress: peer };
  try {
    check(htu, request);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { sentences, facts: error.facts };
  }
  return { sentences, facts: {} };
}

const COMPUTED =
  'this server computed "https://rs.example/r" from publicOrigin, no mountPrefix and the request target "/r".';
const SEND = 'The client must name the path it sends; nothing on the way may change it.';

describe('the explanation of a mismatch', () => {
  it.each<[string, Sent, string]>([
    [
      'another scheme',
      { htu: 'http://rs.example/r' },
      `htu_mismatch: the proof names "http://rs.example/r"; ${COMPUTED} They differ in the scheme. The scheme is the one of publicOrigin, never of a field; if clients use http, say so there.`,
    ],
    [
      'another host',
      { htu: 'https://evil.example/r' },
      `htu_mismatch: the proof names "https://evil.example/r"; ${COMPUTED} They differ in the host. If clients are meant to reach this server at "https://evil.example", put that in publicOrigin or furtherOrigins; if they are not, the proof was made for another server, and the refusal is right.`,
    ],
    [
      'another scheme and port',
      { htu: 'http://rs.example:8080/r' },
      `htu_mismatch: the proof names "http://rs.example:8080/r"; ${COMPUTED} They differ in the scheme, the port. If clients are meant to reach this server at "http://rs.example:8080", put that in publicOrigin or furtherOrigins; if they are not, the proof was made for another server, and the refusal is right.`,
    ],
    [
      'a slash at the end',
      { htu: 'https://rs.example/r/' },
      `htu_mismatch: the proof names "https://rs.example/r/"; ${COMPUTED} They differ in the path, and only in a slash at its end. ${SEND}`,
    ],
    [
      'capital letters',
      { htu: 'https://rs.example/R' },
      `htu_mismatch: the proof names "https://rs.example/R"; ${COMPUTED} They differ in the path, and only in the case of letters. ${SEND}`,
    ],
    [
      'a prefix that is not configured',
      { htu: 'https://rs.example/api/r' },
      `htu_mismatch: the proof names "https://rs.example/api/r"; ${COMPUTED} They differ in the path: the proof has "/api" in front. If a proxy strips it, set mountPrefix to "/api".`,
    ],
    [
      'another path',
      { htu: 'https://rs.example/other' },
      `htu_mismatch: the proof names "https://rs.example/other"; ${COMPUTED} They differ in the path. ${SEND}`,
    ],
    [
      'percent-encoding',
      { htu: 'https://rs.example/a%2Fb', target: '/a/b' },
      `htu_mismatch: the proof names "https://rs.example/a%2Fb"; this server computed "https://rs.example/a/b" from publicOrigin, no mountPrefix and the request target "/a/b". They differ in the path, and only in percent-encoding of characters that have a meaning. ${SEND}`,
    ],
    [
      'a prefix too many',
      { options: { mountPrefix: '/api' } },
      'htu_mismatch: the proof names "https://rs.example/r"; this server computed "https://rs.example/api/r" from publicOrigin, mountPrefix "/api" and the request target "/r". They differ in the path: the proof lacks mountPrefix "/api". If clients do not see that prefix, leave mountPrefix out.',
    ],
    [
      'a longer prefix',
      { htu: 'https://rs.example/v1/api/r', options: { mountPrefix: '/api' } },
      'htu_mismatch: the proof names "https://rs.example/v1/api/r"; this server computed "https://rs.example/api/r" from publicOrigin, mountPrefix "/api" and the request target "/r". They differ in the path: the proof has "/v1" in front. If a proxy strips it, set mountPrefix to "/v1/api".',
    ],
    [
      'a malformed htu',
      { htu: 'https://rs.example/a b' },
      'htu_malformed: the proof names "https://rs.example/a b", which is no absolute http URI by RFC 3986; expected was "https://rs.example/r". The client must put scheme, host and path in htu, percent-encoded, without userinfo.',
    ],
  ])('%s → said', (_name, sent, text) => {
    expect(explained(sent).sentences).toEqual([text]);
  });

  it('a proof that fits → nothing is said', () => {
    expect(explained({}).sentences).toEqual([]);
  });
});

describe('why a forwarded field is not believed', () => {
  const htu = 'https://evil.example/r';
  const fields = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
  const proxies = { trusts, fields: 'x-forwarded' } as const;
  const both = ['x-forwarded-host', 'x-forwarded-proto'];
  it.each<[string, Sent, string, string[]]>([
    [
      'no proxies',
      { fields },
      'x-forwarded-host, x-forwarded-proto were not believed: the option proxies is not set.',
      both,
    ],
    [
      'an unknown address',
      { fields, options: { proxies } },
      'x-forwarded-host, x-forwarded-proto were not believed: the address of the peer is not known.',
      both,
    ],
    [
      'a peer that is not listed',
      { fields, peer: '192.0.2.1', options: { proxies } },
      'x-forwarded-host, x-forwarded-proto were not believed: proxies.trusts does not know the peer "192.0.2.1".',
      both,
    ],
    [
      'one origin, and a scheme that is never read',
      { fields, peer: PROXY, options: { proxies } },
      "x-forwarded-host, x-forwarded-proto were not believed: proxies.fields is 'x-forwarded', the scheme is never read, with one origin no host is read, and a prefix only with proxies.mountPrefixes.",
      both,
    ],
    [
      'a host that was believed',
      {
        fields: { ...fields, 'x-forwarded-host': 'api.example' },
        peer: PROXY,
        options: { furtherOrigins: ['https://api.example'], proxies },
      },
      "x-forwarded-proto was not believed: proxies.fields is 'x-forwarded', the scheme is never read, and a prefix only with proxies.mountPrefixes.",
      ['x-forwarded-proto'],
    ],
  ])('%s → said, and the facts name the same fields', (_name, sent, text, names) => {
    const { sentences, facts } = explained({ htu, ...sent });
    expect(sentences).toEqual([expect.stringMatching(/^htu_mismatch: /)]);
    expect(sentences[0]?.endsWith(text)).toBe(true);
    expect(facts.untrustedFields).toEqual(names);
  });

  it('a field that was believed → who said it', () => {
    const { sentences, facts } = explained({
      htu,
      peer: PROXY,
      fields: { 'x-forwarded-host': 'api.example', 'x-forwarded-prefix': '/v1' },
      options: {
        furtherOrigins: ['https://api.example'],
        proxies: { ...proxies, mountPrefixes: ['/v1'] },
      },
    });
    expect(sentences[0]).toContain(
      'this server computed "https://api.example/v1/r" from publicOrigin and furtherOrigins, by x-forwarded-host of the trusted peer "10.0.0.1", mountPrefix "/v1" by x-forwarded-prefix of the trusted peer "10.0.0.1" and the request target "/r".',
    );
    expect(facts.untrustedFields).toEqual([]);
  });
});

describe('the explanation of a refused target', () => {
  it.each<[string, Sent, string]>([
    [
      'another host than the configured ones',
      {
        fields: { host: 'internal:8080', 'x-forwarded-host': 'rs.example' },
        peer: '192.0.2.1',
        options: { furtherOrigins: ['https://api.example'] },
      },
      'target_invalid: Host names none of publicOrigin and furtherOrigins. The request target is "/r", host: "internal:8080", the peer "192.0.2.1". If clients are meant to use that host, add its origin to furtherOrigins. If a proxy puts another name in Host, have it keep the one of the client, or list it in proxies and have it write a forwarded host. x-forwarded-host was not believed: the option proxies is not set.',
    ],
    [
      'two hosts',
      { fields: { host: ['a.example', 'b.example'] } },
      'target_invalid: Host occurs more than once (RFC 9112 section 3.2). The request target is "/r", host: "a.example", host: "b.example". Have the proxy in front set Host to one value and add none.',
    ],
    [
      'a hop that hides where it was called from',
      {
        peer: PROXY,
        fields: { host: 'x', forwarded: 'host=rs.example, for=_x' },
        options: {
          furtherOrigins: ['https://api.example'],
          proxies: { trusts, fields: 'forwarded' },
        },
      },
      'target_invalid: an element of Forwarded gives no address in "for", so it cannot be told which hop wrote the next one. The request target is "/r", forwarded: "host=rs.example, for=_x", the peer "10.0.0.1". Have each trusted proxy write for= with the address it was called from.',
    ],
    [
      'absolute-form with another origin',
      { target: 'https://u:secret@evil.example/r?secret' },
      'target_invalid: the request target is not a URI by RFC 3986. The request target is "https://evil.example/r". The client must send the path it names in htu, as it stands.',
    ],
  ])('%s → said', (_name, sent, text) => {
    expect(explained(sent).sentences).toEqual([text]);
  });
});

describe('what is received within an explanation', () => {
  const options: Partial<TargetUriOptions> = {
    furtherOrigins: ['https://api.example'],
    proxies: { trusts, fields: 'forwarded', mountPrefixes: ['/v1'] },
  };
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      'a\r\nforged: line',
      '\u001b[2J',
      '"',
      'x'.repeat(5000),
      '\u2028',
      'https://a/"',
    ),
  );

  it('anything → at most 2000 printable ASCII characters in one line', () => {
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (htu, target, field, several) => {
        const fields = { host: field, forwarded: [field, field], 'x-forwarded-prefix': field };
        const { sentences } = explained({
          htu,
          target: several ? `/${target}` : target,
          fields: several ? { ...fields, host: 'api.example' } : fields,
          peer: PROXY,
          options,
        });
        expect(sentences).toHaveLength(1);
        expect(sentences[0]).toMatch(/^[ -~]{1,2000}$/);
      }),
    );
  });

  it.each<[string, Sent]>([
    ['in htu', { htu: 'https://u:hunter2@rs.example/r?hunter2#hunter2' }],
    ['in the query of htu', { htu: 'https://rs.example/x?hunter2#hunter2' }],
    ['in the target', { target: 'https://u:hunter2@evil.example/r?hunter2' }],
    ['in the query of the target', { target: '/x?hunter2', htu: `${RESOURCE}/r` }],
    ['in the fragment of the target', { target: '/x#hunter2' }],
    ['in Host', { fields: { host: 'u:hunter2@rs.example?hunter2' } }],
    [
      'in a forwarded host',
      { peer: PROXY, fields: { forwarded: 'host="u:hunter2@rs.example"' }, options },
    ],
    [
      'in a forwarded prefix',
      {
        peer: PROXY,
        fields: { host: 'api.example', 'x-forwarded-prefix': '/x?hunter2' },
        options: { proxies: { trusts, fields: 'forwarded', mountPrefixes: ['/v1'] } },
      },
    ],
  ])('a secret %s → is not repeated', (_name, sent) => {
    const { sentences, facts } = explained(sent);
    expect(sentences).toHaveLength(1);
    expect(sentences[0] + JSON.stringify(facts)).not.toContain('hunter2');
  });
});

it('explain that is not a function → TypeError', () => {
  const explain = 'yes' as unknown as () => void;
  expect(() => createTargetCheck({ publicOrigin: RESOURCE, explain })).toThrow(
    new TypeError('explain: give a function that takes sentences'),
  );
});
