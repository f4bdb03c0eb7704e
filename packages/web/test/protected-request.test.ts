import { describe, expect, it } from 'vitest';
import { protectedRequest } from '../src/index.ts';

/** A request whose URL is text as some runtimes give it, not always normal. */
function request(url: string, headers: Record<string, string> = {}): Request {
  const { method } = new Request('https://rs.example/', { method: 'GET' });
  return { method, url, headers: new Headers(headers) } as Request;
}

describe('the target', () => {
  it.each([
    ['a path and a query', 'https://rs.example/r?a=1', '/r?a=1'],
    ['an origin with a port', 'http://127.0.0.1:8080/r', '/r'],
    ['an IPv6 host', 'http://[::1]:8080/r', '/r'],
    ['userinfo, which is no path', 'http://a@rs.example/r', '/r'],
    ['a path like a host', 'https://rs.example//evil.example/r', '//evil.example/r'],
    ['a URL in the path', 'https://rs.example/https://evil.example/r', '/https://evil.example/r'],
    ['a fragment, which stays in', 'https://rs.example/r#x', '/r#x'],
    ['dot segments that the runtime left there', 'https://rs.example/x/../r', '/x/../r'],
    ['no path', 'https://rs.example?/r', '?/r'],
    ['no origin, as Bun writes it without Host', '/r?u=https://a/b', '/r?u=https://a/b'],
    ['a backslash in the query', 'https://rs.example/r?a=\\', '/r?a=\\'],
  ])('%s → what stands behind the origin [URI-08, URI-09]', (_name, url, expected) => {
    expect(protectedRequest(request(url)).target).toBe(expected);
  });

  it('a backslash in the path → target_invalid, as `new URL` takes it for a slash [URI-09]', () => {
    expect(() => protectedRequest(request('https://rs.example/a\\b'))).toThrow(
      expect.objectContaining({ reason: 'target_invalid', facts: { fault: 'target_backslash' } }),
    );
  });
});

describe('fields', () => {
  it('a Host field → it, and no authority', () => {
    const { headers } = protectedRequest(
      request('https://other.example/r', { host: 'rs.example' }),
    );
    expect([headers('host'), headers(':authority')]).toEqual([['rs.example'], []]);
  });

  it('no Host field, as in HTTP/2 → the host of the URL as authority', () => {
    const { headers } = protectedRequest(request('https://rs.example:8443/r'));
    expect([headers('host'), headers(':authority')]).toEqual([[], ['rs.example:8443']]);
  });

  it('the peer → as it was given', () => {
    expect(protectedRequest(request('https://rs.example/r'), '192.0.2.1').peerAddress).toBe(
      '192.0.2.1',
    );
    expect(protectedRequest(request('https://rs.example/r')).peerAddress).toBeUndefined();
  });
});
