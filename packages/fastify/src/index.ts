export { DPOP_CORS } from './cors.ts';
export { type KeyboundOptions, keybound as default } from './plugin.ts';
export { type AdaptableRequest, protectedRequest } from './protected-request.ts';
export type { RouteAuth } from './route-auth.ts';
export { createTrustedProxies, type TrustedProxyTest } from './trusted-proxies.ts';
