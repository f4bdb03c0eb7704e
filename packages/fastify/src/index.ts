export { DPOP_CORS } from './cors.ts';
export { type KeyboundOptions, keybound as default } from './plugin.ts';
export { protectedRequest } from './protected-request.ts';
export type { RouteAuth } from './route-auth.ts';
