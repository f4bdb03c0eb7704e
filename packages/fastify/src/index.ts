export { DPOP_CORS } from './cors.ts';
export { type KeyboundOptions, keybound as default, type RouteAuth } from './plugin.ts';
export { protectedRequest } from './protected-request.ts';
