import type { Accounts } from '../support/account.ts';
import { DOCS } from './docs.ts';
import { PACKAGES } from './packages.ts';
import { README } from './readme.ts';

/** Every account by the key of its block. A page has one place: `docs.ts`, `packages.ts` and so on. */
export const ACCOUNTS: Accounts = { ...README, ...PACKAGES, ...DOCS };
