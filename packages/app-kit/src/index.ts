export { type ListenOptions, serve } from './serve.ts';
export { createService, type ServiceOptions, sendFault } from './service.ts';
export {
  type AppDescription,
  EXIT_BAD_SETTINGS,
  readSettings,
  type SettingsResult,
  type SettingsSpec,
  settingsOrExit,
} from './settings.ts';
export { onStop } from './stop.ts';
export {
  commonSettings,
  isLoopbackHost,
  isLoopbackOrigin,
  issuer,
  origin,
  publicOrigin,
  resourceList,
  secretList,
} from './validators.ts';
