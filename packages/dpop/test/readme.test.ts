import { readFileSync } from 'node:fs';
import { AUTH_REASONS } from '@keybound/core';
import { KEYS, mintProof, mintToken, testRequest, thumbprint } from '@keybound/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { PRESETS } from '../src/index.ts';
import { createNotes } from './examples/resource-server.ts';
import { token } from './examples/token-endpoint.ts';
import { jwtTokens } from './support/servers.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = (): string => read('../README.md');

describe('the examples of the README', () => {
  it.each(['resource-server', 'token-endpoint'])(
    '%s → stands there as it is tested here',
    (name) => {
      const code = read(`./examples/${name}.ts`);
      expect(readme()).toContain(`\`\`\`ts\n${code}\`\`\``);
      expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    },
  );

  // The examples run on the clock of the machine.
  let iat = 0;
  beforeEach(() => {
    iat = Math.floor(Date.now() / 1000);
  });
  const jkt = thumbprint(KEYS.alice.publicJwk);

  it('the resource server → the owner for a good request, 401 for the same once more', async () => {
    const access = mintToken({ boundTo: KEYS.alice, claims: { iat, exp: iat + 60 } });
    const clock = Object.assign(() => iat, { advance: () => {}, set: () => {} });
    const notes = createNotes(jwtTokens(clock));
    const dpop = mintProof({ token: access, claims: { iat } });
    const request = testRequest({ authorization: `DPoP ${access}`, dpop });
    expect(await notes(request)).toEqual({ status: 200, headers: [], body: { owner: 'alice' } });
    expect(await notes(request)).toMatchObject({ status: 401 });
  });

  it('the token endpoint → DPoP with a proof, Bearer without, 400 for a bad one', async () => {
    const send = (fields: Record<string, string>) =>
      token(testRequest(fields, { method: 'POST', target: '/token' }), (key) => `for ${key}`);
    const claims = { htm: 'POST', htu: 'https://as.example/token', iat };
    expect(await send({ dpop: mintProof({ claims }) })).toEqual({
      status: 200,
      headers: [],
      body: { access_token: `for ${jkt}`, token_type: 'DPoP' },
    });
    expect(await send({})).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    expect(await send({ dpop: '' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });
});

describe('the tables of the README', () => {
  const STATUS = {
    invalid_request: '400',
    invalid_token: '401',
    invalid_dpop_proof: '401 / 400',
    use_dpop_nonce: '401 / 400',
    insufficient_scope: '403',
  } as const;
  it('every reason that a proof check can give → is listed with its code and status', () => {
    const rows = [...readme().matchAll(/^\| `(\w+)` \| `(\w+)` \| ([\d /]+) \| .+ \|$/gm)];
    const listed = rows.map(([, reason]) => reason).sort();
    const own = Object.entries(AUTH_REASONS)
      .filter(([, { code }]) => code === 'invalid_dpop_proof' || code === 'use_dpop_nonce')
      .map(([reason]) => reason);
    expect(listed).toEqual([...own, 'target_invalid', 'token_not_bound', 'key_mismatch'].sort());
    for (const [, reason, code, status] of rows) {
      expect(AUTH_REASONS[reason as 'key_mismatch'].code).toBe(code);
      expect(status).toBe(STATUS[code as keyof typeof STATUS]);
    }
  });

  it.each(Object.entries(PRESETS))('preset %s → is listed with its numbers', (name, preset) => {
    const { maxAgeSeconds, maxFutureSeconds, algorithms } = preset;
    expect(readme()).toContain(
      `| \`${name}\` | ${maxAgeSeconds} s | ${maxFutureSeconds} s | ${algorithms.join(', ')} |`,
    );
  });
});
