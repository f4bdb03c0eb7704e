export { type BearerAuthenticatorOptions, createBearerAuthenticator } from './authenticator.ts';
