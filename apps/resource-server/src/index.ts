export { buildResourceServer, type ResourceServerOptions } from './app.ts';
