/**
 * The network of an example: an authorization server and an API under `.example` names, loopback, and ports
 * that are free. Loaded before the example; anything else is refused.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const METADATA = {
  issuer: 'https://as.example',
  token_endpoint: 'https://as.example/token',
  introspection_endpoint: 'https://as.example/introspect',
  jwks_uri: 'https://as.example/jwks',
};
const ANSWERS = {
  'as.example/.well-known/oauth-authorization-server': METADATA,
  'as.example/.well-known/openid-configuration': METADATA,
  'as.example/token': { access_token: 'a'.repeat(40), token_type: 'DPoP', expires_in: 300 },
  'as.example/introspect': { active: false },
  'as.example/jwks': { keys: [] },
};

const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const { hostname, pathname, href } = new URL(input instanceof Request ? input.url : input);
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return realFetch(input, init);
  if (hostname === 'api.example') return Response.json({ path: pathname });
  const answer = ANSWERS[hostname + pathname];
  if (answer === undefined) throw new TypeError(`nothing answers at ${href}`);
  return Response.json(answer);
};

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  const callback = args.findLast((argument) => typeof argument === 'function');
  return listen.call(this, { port: 0, host: '127.0.0.1' }, callback);
};

const { lookup } = dns;
dns.lookup = (name, ...rest) => {
  if (['localhost', '127.0.0.1', '::1'].includes(name)) return lookup(name, ...rest);
  throw new Error(`an example asks for the address of ${name}`);
};

syncBuiltinESMExports();
