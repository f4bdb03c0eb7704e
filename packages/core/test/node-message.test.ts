import { describe, expect, it } from 'vitest';
import { type NodeRequest, protectedRequestFromNode } from '../src/index.ts';
import { outcome } from './support.ts';

function nodeRequest(rest: Partial<NodeRequest> = {}): NodeRequest {
  return {
    method: 'GET',
    target: '/r?a=1',
    message: { rawHeaders: [], socket: { remoteAddress: '192.0.2.1' } },
    ...rest,
  };
}

const lines = (count: number): string[] =>
  Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? `X${i}` : '1'));

describe('protectedRequestFromNode', () => {
  it('method and target → as they were received', () => {
    expect(protectedRequestFromNode(nodeRequest({ method: 'patch' }))).toMatchObject({
      method: 'patch',
      target: '/r?a=1',
    });
  });

  it('a name that occurs several times, in any case → every line of it, in order [DPOP-4.3-01, BEARER-2-02]', () => {
    const rawHeaders = ['dpop', 'a', 'DPoPx', 'b', 'DPoP', '', 'X', 'dpop', 'DPOP', 'c, d'];
    const { headers } = protectedRequestFromNode(
      nodeRequest({ message: { rawHeaders, socket: {} } }),
    );
    expect(headers('dpop')).toEqual(['a', '', 'c, d']);
    expect(headers('authorization')).toEqual([]);
  });

  // Node keeps as many as `maxHeadersCount` says; it drops further ones without a word in some releases.
  it.each([
    ['1000 lines, no server known', 1000, undefined, 'fields_too_many'],
    ['999 lines, no server known', 999, undefined, undefined],
    ['1000 lines, the limit left to Node', 1000, null, 'fields_too_many'],
    ['50 lines, a limit of 50', 50, 50, 'fields_too_many'],
    ['49 lines, a limit of 50', 49, 50, undefined],
    ['5000 lines, no limit', 5000, 0, undefined],
  ])('%s → $3', async (_name, count, maxHeadersCount, reason) => {
    const server =
      maxHeadersCount === undefined ? undefined : { maxHeadersCount, address: () => null };
    const message = { rawHeaders: lines(count), socket: {} };
    const result = await outcome(() => protectedRequestFromNode(nodeRequest({ message, server })));
    expect((result as { reason?: string }).reason).toBe(reason);
  });

  it.each([
    ['an IPv4 address', '192.0.2.1', { port: 1 }, '192.0.2.1'],
    ['an IPv4 address in IPv6 notation', '::ffff:192.0.2.1', { port: 1 }, '192.0.2.1'],
    ['an IPv6 address', '2001:db8::1', { port: 1 }, '2001:db8::1'],
    ['none, on a unix socket', undefined, '/run/api.sock', 'unix:'],
    ['none, on a connection that is gone', undefined, { port: 1 }, undefined],
    ['none, of a server that is gone', undefined, null, undefined],
  ])('a peer with %s → $3', (_name, remoteAddress, address, expected) => {
    const message = { rawHeaders: [], socket: { remoteAddress } };
    const server = { address: () => address };
    expect(protectedRequestFromNode(nodeRequest({ message, server })).peerAddress).toBe(expected);
  });
});
