import { KEYS, keySet } from '@keybound/test-kit';
import type { Suite } from '../suite.ts';

/** Published keys, so that the load generator and every server have the same ones without talking. */
export const SUITE: Suite = {
  algorithm: 'ES256',
  issuer: KEYS.issuer,
  client: KEYS.alice,
  stranger: KEYS.mallory,
  jwks: keySet(KEYS.issuer),
  jwksUri: 'https://as.example/jwks',
};
