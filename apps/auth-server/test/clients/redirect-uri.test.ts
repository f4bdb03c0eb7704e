import { describe, expect, it } from 'vitest';
import { matchesRedirectUri, redirectUriFault } from '../../src/clients/redirect-uri.ts';

const FORM = 'must be absolute URIs';
const SCHEME = expect.stringMatching(/^must use https, http to/);
const USERINFO = 'must have no userinfo';

describe('redirect URIs that may be registered', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example',
    'https://app.example:8443/callback?tenant=1',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:8080/callback',
    'http://[::1]:8080/',
    'http://localhost',
    'http://localhost?x=1',
  ])('%s → allowed for web and native [BCP-2.1-02]', (uri) => {
    expect(redirectUriFault(uri, 'web')).toBeUndefined();
    expect(redirectUriFault(uri, 'native')).toBeUndefined();
  });

  it.each(['com.example.app:/callback', 'com.example.app://callback', 'a-1.b+c:x'])(
    '%s → allowed for native alone [BCP-2.1-02]',
    (uri) => {
      expect(redirectUriFault(uri, 'native')).toBeUndefined();
      expect(redirectUriFault(uri, 'web')).toBe('may have a private scheme in native clients only');
    },
  );

  it.each([
    ['nothing', '', FORM],
    ['a path', '/callback', FORM],
    ['a host', 'app.example/callback', FORM],
    ['a fragment', 'https://app.example/#x', 'must have no fragment'],
    ['an empty fragment', 'https://app.example/#', 'must have no fragment'],
    ['userinfo', 'https://user:pass@app.example/', USERINFO],
    ['empty userinfo', 'https://@app.example/', USERINFO],
    ['userinfo before this machine', 'http://127.0.0.1:80@evil.example/', USERINFO],
    ['userinfo in a private scheme', 'com.example.app://me@host/', USERINFO],
    ['http to another machine', 'http://app.example/callback', SCHEME],
    ['http to a host that begins like this machine', 'http://127.0.0.1.evil.example/', SCHEME],
    ['http to localhost of a domain', 'http://localhost.evil.example/', SCHEME],
    ['this machine in another spelling', 'http://127.1/callback', SCHEME],
    ['this machine as a number', 'http://2130706433/callback', SCHEME],
    ['another loopback address', 'http://127.0.0.2/callback', SCHEME],
    ['https without slashes', 'https:app.example', SCHEME],
    ['https with one slash', 'https:/app.example', SCHEME],
    ['https without a host', 'https:///app.example', SCHEME],
    ['https in capitals', 'HTTPS://app.example/', SCHEME],
    ['javascript', 'javascript:alert(1)', SCHEME],
    ['data', 'data:text/html,x', SCHEME],
    ['file', 'file:///etc/passwd', SCHEME],
    ['vbscript', 'vbscript:x', SCHEME],
    ['about', 'about:blank', SCHEME],
    ['blob', 'blob:https://app.example/1', SCHEME],
    ['a private scheme without a dot', 'myapp://callback', SCHEME],
    ['a private scheme of a dot', '.a:/callback', FORM],
    ['a backslash', 'https://app.example\\@evil.example/', FORM],
    ['a blank', 'https://app.example/a b', FORM],
    ['a line break', 'https://app.example/\nx', FORM],
    ['a tab in the scheme', 'java\tscript:alert(1)', FORM],
    ['a quote', 'https://app.example/"', FORM],
    ['a character beyond ASCII', 'https://äpp.example/', FORM],
    ['a port that is none', 'http://127.0.0.1:99999/', FORM],
    [
      'more than 1024 characters',
      `https://app.example/${'a'.repeat(1005)}`,
      'must have at most 1024 characters each',
    ],
  ])('%s → refused [BCP-2.1-02]', (_name, uri, fault) => {
    expect(redirectUriFault(uri, 'native')).toEqual(fault);
    expect(redirectUriFault(uri, 'web')).toEqual(fault);
  });
});

describe('redirect URIs that a request may name', () => {
  const web = 'https://app.example/callback';
  it.each([
    ['the same', web, true],
    ['one more slash', `${web}/`, false],
    ['another case of the path', 'https://app.example/Callback', false],
    ['another case of the host', 'https://App.example/callback', false],
    ['a query', `${web}?x=1`, false],
    ['a fragment', `${web}#x`, false],
    ['the default port', 'https://app.example:443/callback', false],
    ['a longer path', `${web}/../evil`, false],
    ['an escaped letter', 'https://app.example/c%61llback', false],
    ['http', 'http://app.example/callback', false],
    ['userinfo', 'https://x@app.example/callback', false],
  ])('%s → %s: %s [BCP-2.1-01]', (_name, requested, expected) => {
    expect(matchesRedirectUri(web, requested, 'web')).toBe(expected);
    expect(matchesRedirectUri(web, requested, 'native')).toBe(expected);
  });

  const registered = 'http://127.0.0.1:1234/callback?a=1';
  it.each([
    ['another port', 'http://127.0.0.1:5678/callback?a=1', true],
    ['no port', 'http://127.0.0.1/callback?a=1', true],
    ['a port that is none', 'http://127.0.0.1:99999/callback?a=1', false],
    ['an empty port', 'http://127.0.0.1:/callback?a=1', false],
    ['another path', 'http://127.0.0.1:5678/evil?a=1', false],
    ['another query', 'http://127.0.0.1:5678/callback?a=2', false],
    ['a fragment', 'http://127.0.0.1:5678/callback?a=1#x', false],
    ['another loopback host', 'http://localhost:5678/callback?a=1', false],
    ['https', 'https://127.0.0.1:5678/callback?a=1', false],
    ['userinfo that looks like a port', 'http://127.0.0.1:80@evil.example/callback?a=1', false],
    ['a host that goes on', 'http://127.0.0.1.evil.example/callback?a=1', false],
  ])(
    'a native application on this machine asks with %s → %s: %s [BCP-2.1-01]',
    (_name, requested, expected) => {
      expect(matchesRedirectUri(registered, requested, 'native')).toBe(expected);
      expect(matchesRedirectUri(registered, requested, 'web')).toBe(false);
    },
  );

  it.each([
    ['http://localhost/cb', 'http://localhost:5678/cb', true],
    ['http://[::1]/cb', 'http://[::1]:5678/cb', true],
    ['http://localhost', 'http://localhost:5678', true],
    ['http://localhost', 'http://localhost:5678/', false],
    ['https://app.example/cb', 'https://app.example:5678/cb', false],
    ['com.example.app:/cb', 'com.example.app:/cb2', false],
  ])('native, registered %s, requested %s → %s [BCP-2.1-01]', (one, requested, expected) => {
    expect(matchesRedirectUri(one, requested, 'native')).toBe(expected);
  });
});
