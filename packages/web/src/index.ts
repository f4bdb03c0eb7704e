export { protectedRequest } from './protected-request.ts';
export {
  createRequestGuard,
  type GrantedAccess,
  type RefusedAccess,
  type RequestGuard,
  type RequestGuardOptions,
} from './request-guard.ts';
