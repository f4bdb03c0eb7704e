import { once } from 'node:events';
import { type AddressInfo, connect, Server } from 'node:net';
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/** Where requests of the documents go: servers of this machine, and nowhere else. */
export interface Network {
  /** The ports that were asked for since {@link begin}, such as 3000, in order. */
  askedFor(): readonly number[];
  /** A block begins: a server that asks for a port gets a free one. @param serves - the origin of the first */
  begin(serves: string): void;
  /** The block has ended: its servers and connections are closed. */
  end(): Promise<void>;
}

/** A server that a block started. */
interface Started {
  readonly asked: number;
  readonly server: Server;
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[?::1\]?)$/;

/**
 * Makes the network of the documents: the global `fetch` reaches the servers behind `https://` origins in
 * plain HTTP. The URL stays what the document says, so `Host` and what a proof is compared with do too.
 *
 * @param always - the servers that are there for every block, by origin
 */
export function createNetwork(always: Readonly<Record<string, number>>): Network {
  const listen = Server.prototype.listen;
  let before: Dispatcher | undefined;
  let agent: Agent | undefined;
  let started: Started[] = [];
  let served = '';

  async function portOf(protocol: string, hostname: string, port: string): Promise<number> {
    const origin = new URL(`${protocol}//${hostname}${port && `:${port}`}`).origin;
    const [first] = started;
    if (origin === served && first !== undefined) return portOn(first);
    const there = always[origin];
    if (there !== undefined) return there;
    if (!LOOPBACK.test(hostname)) {
      throw new Error(`${origin} is no server of the documents, and nothing leaves this machine`);
    }
    const own = started.find(({ asked }) => asked === Number(port));
    return own === undefined ? Number(port) : portOn(own);
  }

  return {
    askedFor: () => started.map(({ asked }) => asked),
    begin(serves) {
      started = [];
      served = serves;
      Server.prototype.listen = function onFreePort(this: Server, ...args: unknown[]): Server {
        const [asked, free] = withFreePort(args);
        if (asked !== undefined) started.push({ asked, server: this });
        return Reflect.apply(listen, this, free);
      } as typeof listen;
      agent = new Agent({
        connect({ protocol, hostname, port }, callback) {
          portOf(protocol, hostname, port).then(
            (free) => {
              const socket = connect(free, '127.0.0.1', () => callback(null, socket));
              socket.once('error', (error) => callback(error, null));
            },
            (error) => callback(error, null),
          );
        },
      });
      before = getGlobalDispatcher();
      setGlobalDispatcher(agent);
    },
    async end() {
      Server.prototype.listen = listen;
      if (before !== undefined) setGlobalDispatcher(before);
      await agent?.destroy();
      for (const { server } of started) {
        if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
        server.close();
      }
    },
  };
}

/** The port that was asked for, if it is a fixed one, and the arguments of `listen` without it. */
function withFreePort(args: unknown[]): [number | undefined, unknown[]] {
  const [first, ...others] = args;
  const isObject = typeof first === 'object' && first !== null && 'port' in first;
  const asked = Number(isObject ? first.port : first);
  if (first === null || !(asked > 0)) return [undefined, args];
  const callback = others.filter((argument) => typeof argument === 'function');
  return [asked, [{ ...(isObject && first), port: 0, host: '127.0.0.1' }, ...callback]];
}

async function portOn({ server }: Started): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
