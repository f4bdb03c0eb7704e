import { defineConfig } from 'vitest/config';
import base from './vitest.config.base.ts';

/** The same tests twice: with the cryptography of Node, and with that of the Web. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      project('node', ['@keybound/source', 'node']),
      project('web', ['@keybound/source', '@keybound/web']),
    ],
  },
});

function project(name: string, conditions: readonly string[]) {
  const resolve = { conditions: [...conditions, 'default'] };
  return { extends: true as const, resolve, ssr: { resolve }, test: { name } };
}
