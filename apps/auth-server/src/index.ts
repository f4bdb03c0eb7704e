export { type AuthServerOptions, buildAuthServer } from './app.ts';
export type { Audit, AuditEvent } from './audit.ts';
export type { Client } from './clients/client.ts';
export { demoClients } from './clients/demo-clients.ts';
export { type Database, openDatabase } from './database/database.ts';
export { DEMO_USERS } from './users/demo-users.ts';
