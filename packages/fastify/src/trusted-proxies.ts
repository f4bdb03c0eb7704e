import { BlockList, isIP } from 'node:net';

/** Tells whether an address is one of a list; what `proxies.trusts` and `createForwardAuth` ask for. */
export type TrustedProxyTest = (address: string) => boolean;

const UNIX_SOCKET = 'unix:';

/**
 * A test for the addresses of your proxies, as `peerAddress` of {@link protectedRequest} gives them. An entry
 * is an IP address (`10.0.0.1`, `2001:db8::1`), a network in CIDR notation (`10.0.0.0/8`), or `unix:` for
 * every peer on a unix socket. IPv4 addresses match in IPv6 notation too (`::ffff:10.0.0.1`), and the zone of
 * a link-local address (`fe80::1%eth0`) is not compared.
 *
 * List single proxies or networks that hold nothing else: whoever can connect from a listed address can
 * choose among the configured origins and prefixes, and can ask as a forward-auth proxy.
 *
 * @throws TypeError when the list is empty, or an entry is none of these or a network of all addresses
 * (`0.0.0.0/0`); it names the entry.
 */
export function createTrustedProxies(list: readonly string[]): TrustedProxyTest {
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError('trusted proxies: give a list of addresses and networks');
  }
  const blocks = new BlockList();
  for (const entry of list) if (entry !== UNIX_SOCKET) addEntry(blocks, entry);
  const hasUnixSockets = list.includes(UNIX_SOCKET);

  return (address) => {
    if (address === UNIX_SOCKET) return hasUnixSockets;
    const [plain = ''] = address.split('%', 1);
    const family = isIP(plain);
    return family !== 0 && blocks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function addEntry(blocks: BlockList, entry: unknown): void {
  const [address = '', prefix, ...more] = typeof entry === 'string' ? entry.split('/') : [];
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const isWhole = prefix === undefined || (/^[1-9][0-9]{0,2}$/.test(prefix) && +prefix <= bits);
  if (family === 0 || address.includes('%') || !isWhole || more.length > 0) {
    throw new TypeError(
      `trusted proxies: ${JSON.stringify(entry)} is neither an IP address, a network such as 10.0.0.0/8, nor unix:`,
    );
  }
  blocks.addSubnet(address, Number(prefix ?? bits), family === 4 ? 'ipv4' : 'ipv6');
}
