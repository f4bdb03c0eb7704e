export { type AuthServerOptions, buildAuthServer } from './app.ts';
export type { Audit, AuditEvent } from './audit.ts';
export { type Client, isPublicClient } from './clients/client.ts';
export { demoClients } from './clients/demo-clients.ts';
export { type Database, openDatabase } from './database/database.ts';
// What suites put into the database, as if people had consented before.
export { issueCode } from './grants/authorization-codes.ts';
export { prolongGrant } from './grants/grants.ts';
export { addRefreshToken, refreshTokenExpiry } from './grants/refresh-tokens.ts';
export { ENDPOINTS, METADATA_PATHS } from './routes/endpoints.ts';
export { hashSecret, newSecret } from './secrets.ts';
export { DEMO_USERS } from './users/demo-users.ts';
export { ACR_PASSWORD } from './users/sessions.ts';
