import { BlockList, isIPv6 } from 'node:net';

const proxies = new BlockList();
proxies.addSubnet('10.0.0.0', 24, 'ipv4');

export const trusts = (address: string): boolean =>
  proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
