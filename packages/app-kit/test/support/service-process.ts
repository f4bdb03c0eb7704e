import { createService, serve } from '../../src/index.ts';

/** A service of its own process, for tests of how it starts and stops. */
const app = createService({ logLevel: 'silent' });
app.addHook('onListen', () => {
  process.stdout.write(`${JSON.stringify(app.server.address())}\n`);
});
await serve(app, { name: 'test-service', host: '127.0.0.1', port: Number(process.argv[2]) });
