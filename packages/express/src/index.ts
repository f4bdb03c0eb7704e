export {
  createExpressGuard,
  type ExpressGuard,
  type ExpressGuardOptions,
} from './express-guard.ts';
export { type AdaptableRequest, protectedRequest } from './protected-request.ts';
