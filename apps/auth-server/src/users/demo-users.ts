import type { DemoUser } from './users.ts';

/**
 * The people of the demonstration. Their passwords are published in this repository, so the server
 * knows them only while it cannot be reached from elsewhere.
 */
export const DEMO_USERS: readonly DemoUser[] = [
  { id: 'user-alice', username: 'alice', password: 'demo-password-of-alice' },
  { id: 'user-bob', username: 'bob', password: 'demo-password-of-bob' },
];
