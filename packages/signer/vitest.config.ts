export { default } from '../../vitest.config.runtimes.ts';
