import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handle } from './examples/function.ts';
import { app } from './examples/hono.ts';
import { GET } from './examples/next-route.ts';
import worker from './examples/worker.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the examples of the README', () => {
  it.each<[string, (request: Request) => Response | Promise<Response>]>([
    ['function', handle],
    ['hono', (request) => app.fetch(request)],
    ['next-route', GET],
    ['worker', worker.fetch],
  ])(
    '%s → stands there as it runs here: a challenge without credentials, 401 for a bad proof',
    async (name, fetch) => {
      expect(read('../README.md')).toContain(`\`\`\`ts\n${read(`./examples/${name}.ts`)}\`\`\``);
      const ask = (headers: Record<string, string> = {}) =>
        fetch(new Request('https://api.example/notes', { headers }));
      const refused = await ask();
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(
        /^DPoP realm="api".*scope="notes:read"$/,
      );
      const bad = await ask({ authorization: 'DPoP x', dpop: 'y' });
      expect(bad.headers.get('www-authenticate')).toContain('error="invalid_dpop_proof"');
    },
  );

  it('the first one → 20 lines at most', () => {
    expect(read('./examples/function.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });
});
