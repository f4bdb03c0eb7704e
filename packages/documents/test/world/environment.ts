import { CLIENT_SECRET } from './clients.ts';

/** What the modules of the documents read from their environment. Redis is there once it is started. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  CLIENT_SECRET,
  ISSUER: 'https://as.example',
  PUBLIC_ORIGIN: 'https://api.example',
  INTROSPECTION_SECRET: CLIENT_SECRET,
  NONCE_SECRET: 'a secret of the nonces of the documents',
  NONCE_SECRETS:
    'the-new-secret-of-the-nonces-of-the-documents,the-old-secret-of-the-nonces-of-the-documents',
  REDIS_URL: '',
  REGION: 'eu',
};

/** The names that a module reads and nobody sets. */
export function unsetNames(code: string): readonly string[] {
  const names = [...code.matchAll(/process\.env\.(\w+)/g)].map(([, name = '']) => name);
  return names.filter((name) => !Object.hasOwn(ENVIRONMENT, name));
}
