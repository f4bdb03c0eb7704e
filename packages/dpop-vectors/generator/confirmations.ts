import type { Expect } from '../src/format.ts';
import { refused } from './draft.ts';
import { KEYS } from './keys/keys.ts';
import { accessToken } from './messages.ts';

const { jkt } = KEYS.ec1;

/** A token whose `cnf` is this, and which is otherwise good. */
export function tokenConfirmedBy(cnf: unknown): string {
  return accessToken({ boundTo: null, claims: { cnf } });
}

/** Forms of `cnf` that say of no key that it is the one: each stands under both schemes. */
export const NOT_UNDERSTOOD: readonly (readonly [id: string, what: string, cnf: unknown])[] = [
  ['cnf-null', 'cnf is null', null],
  ['cnf-text', 'cnf is the thumbprint itself', jkt],
  ['cnf-list', 'cnf is a list with the right object', [{ jkt }]],
  ['cnf-empty', 'cnf is an empty object', {}],
  ['jkt-null', 'jkt is null', { jkt: null }],
  ['jkt-empty', 'jkt is the empty string', { jkt: '' }],
  ['jkt-list', 'jkt is a list with the right thumbprint', { jkt: [jkt] }],
  ['jkt-number', 'jkt is a number', { jkt: 0 }],
];

/** Token and proof do not fit: some software holds the proof to be at fault. */
export const KEY_DIFFERS: Expect = refused('invalid_token', 'invalid_dpop_proof');
