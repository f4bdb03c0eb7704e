/** What vitest's assertions look for when they are loaded; imported before them. */
Object.defineProperty(globalThis, '__vitest_worker__', {
  configurable: true,
  writable: true,
  value: {
    config: { expect: {}, snapshotOptions: {}, experimental: {} },
    environment: { name: 'runtimes' },
    ctx: { pool: 'runtimes' },
    providedContext: {},
    rpc: {},
    filepath: '',
  },
});
