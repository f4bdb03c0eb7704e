import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { app } from './examples/notes.ts';
import { trusts } from './examples/proxies.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the examples of the README', () => {
  it('the first → stands there as it runs here, in 20 lines at most', async () => {
    const example = read('./examples/notes.ts');
    expect(read('../README.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);

    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(`${origin}/status`)).text()).toBe('open to everybody');
    const refused = await fetch(`${origin}/notes`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^DPoP realm="api".*scope="notes:read"$/,
    );
  });

  it('trusted proxies → stand there as they run here', () => {
    const example = read('./examples/proxies.ts');
    expect(read('../README.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
    const addresses = ['10.0.0.7', '::ffff:10.0.0.7', '10.0.1.7', '::1', 'unix:'];
    expect(addresses.map(trusts)).toEqual([true, true, false, false, false]);
  });
});
