import { describe, expect, it } from 'vitest';
import { createTrustedProxies } from '../src/index.ts';

describe('addresses', () => {
  it.each<[string[], string, boolean]>([
    [['10.0.0.1'], '10.0.0.1', true],
    [['10.0.0.1'], '10.0.0.11', false],
    [['10.0.0.1'], '10.0.0.2', false],
    [['10.0.0.1'], '::ffff:10.0.0.1', true],
    [['10.0.0.1'], '::ffff:a00:1', true],
    [['::ffff:10.0.0.1'], '10.0.0.1', true],
    [['10.0.0.1', '192.0.2.7'], '192.0.2.7', true],
    [['10.0.0.0/8'], '10.255.255.255', true],
    [['10.0.0.0/8'], '11.0.0.0', false],
    [['10.1.2.3/8'], '10.9.9.9', true],
    [['10.0.0.0/31'], '10.0.0.1', true],
    [['10.0.0.0/31'], '10.0.0.2', false],
    [['10.0.0.1/32'], '10.0.0.1', true],
    [['2001:db8::1'], '2001:0DB8:0:0::1', true],
    [['2001:db8::1'], '2001:db8::2', false],
    [['2001:db8::/32'], '2001:db8:ffff::', true],
    [['2001:db8::/32'], '2001:db9::', false],
    [['::1'], '127.0.0.1', false],
    [['fe80::1'], 'fe80::1%eth0', true],
    [['unix:'], 'unix:', true],
    [['10.0.0.1'], 'unix:', false],
    [['unix:'], '10.0.0.1', false],
    [['10.0.0.0/8'], '', false],
    [['10.0.0.0/8'], '10.0.0', false],
    [['10.0.0.0/8'], '010.0.0.1', false],
    [['10.0.0.0/8'], '10.0.0.1.evil.example', false],
    [['10.0.0.0/8'], ' 10.0.0.1', false],
    [['10.0.0.0/8'], '10.0.0.1, 192.0.2.1', false],
    [['10.0.0.0/8'], 'unknown', false],
  ])('list %j, peer %j → %s [BCP-4.13-01]', (list, address, trusted) => {
    expect(createTrustedProxies(list)(address)).toBe(trusted);
  });
});

describe('entries', () => {
  it.each([
    'proxy.example',
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1:80',
    '[::1]',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '2001:db8::/129',
    'fe80::1%eth0',
    'unix:/run/proxy.sock',
    ' 10.0.0.1',
    '10.0.0.1,10.0.0.2',
    '0.0.0.0/0',
    '::/0',
    '*',
    undefined,
    10,
  ])('%j → TypeError that names it', (entry) => {
    expect(() => createTrustedProxies(['10.0.0.1', entry as string])).toThrow(
      new TypeError(
        `trusted proxies: ${JSON.stringify(entry)} is neither an IP address, a network such as 10.0.0.0/8, nor unix:`,
      ),
    );
  });

  it.each([[[]], ['10.0.0.1'], [undefined]])('%j for a list → TypeError', (list) => {
    expect(() => createTrustedProxies(list as string[])).toThrow(
      new TypeError('trusted proxies: give a list of addresses and networks'),
    );
  });

  it('a list that is changed later → the test stays as it was', () => {
    const list = ['10.0.0.1'];
    const trusts = createTrustedProxies(list);
    list.push('unix:', '192.0.2.1');
    expect([trusts('unix:'), trusts('192.0.2.1')]).toEqual([false, false]);
  });
});
