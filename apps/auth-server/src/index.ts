export { type AuthServerOptions, buildAuthServer } from './app.ts';
export { type Client, type ClientRegistry, readClients } from './clients/client.ts';
export { demoClients } from './clients/demo-clients.ts';
