import type { Accounts } from '../support/account.ts';
import { ADAPTERS } from './adapters.ts';
import { DOCS } from './docs.ts';
import { GUIDES } from './guides.ts';
import { PACKAGES } from './packages.ts';
import { README } from './readme.ts';

const TABLES: readonly Accounts[] = [README, PACKAGES, ADAPTERS, DOCS, GUIDES];

/** Every account by the key of its block. */
export const ACCOUNTS: Accounts = Object.assign({}, ...TABLES);

/** Blocks with two accounts, of which one would never be asked. */
export const TWICE: readonly string[] = TABLES.flatMap(Object.keys).filter(
  (key, index, keys) => keys.indexOf(key) !== index,
);
