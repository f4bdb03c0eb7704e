import { expect, test } from 'vitest';
import type { AsConfig, RawTest, RsConfig, TestGroup } from '../src/format.ts';
import { runVectors } from '../src/run.ts';
import { ACCEPT, adapterOf, verdicts } from './support/adapters.ts';
import { AS, common, fileOf, RS } from './support/vectors.ts';

function rawGroup(config: RsConfig | AsConfig, changes: Partial<RawTest>): TestGroup {
  return {
    id: 'group',
    type: 'RawHttp',
    comment: 'Bytes.',
    config,
    tests: [{ ...common({ id: 'one' }), raw: '', expect: {}, ...changes }],
  };
}

/** The bytes that are sent for a case. */
async function sent(group: TestGroup, values: Record<string, string> = {}): Promise<unknown> {
  const adapter = adapterOf(({ kind }) => (kind === 'as-setup' ? { values } : ACCEPT));
  const report = await runVectors(adapter, { files: [fileOf(group)] });
  expect(verdicts(report)).toEqual({ one: 'passed' });
  const question = adapter.asked.at(-1);
  return question?.kind === 'raw-request' ? question.raw : undefined;
}

test('bytes for a resource server go out as they are, without a set-up', async () => {
  const adapter = adapterOf(() => ACCEPT);
  const raw = 'GET /{{name}} HTTP/1.1\r\nX: \u00ff\r\n\r\n';
  await runVectors(adapter, { files: [fileOf(rawGroup(RS, { raw, peerAddress: '192.0.2.1' }))] });
  expect(adapter.asked).toHaveLength(1);
  expect(adapter.asked[0]).toMatchObject({ kind: 'raw-request', raw, peerAddress: '192.0.2.1' });
});

test('names for an authorization server are encoded for its form, and the length is right', async () => {
  const raw = 'POST /token HTTP/1.1\r\nContent-Length: {{length}}\r\n\r\ncode={{code}}&x=\u00ff';
  expect(await sent(rawGroup(AS, { raw }), { code: 'a&b c' })).toBe(
    'POST /token HTTP/1.1\r\nContent-Length: 18\r\n\r\ncode=a%26b%20c&x=\u00ff',
  );
});

test('the length is of what stands behind the first empty line', async () => {
  const raw = 'POST / HTTP/1.1\r\nContent-Length: {{length}}\r\n\r\na\r\n\r\nb';
  expect(await sent(rawGroup(RS, { raw }))).toContain('Content-Length: 6\r\n');
});

test('without an empty line the length is 0', async () => {
  expect(await sent(rawGroup(RS, { raw: 'POST / HTTP/1.1\r\nA: {{length}}\r\n' }))).toContain(
    'A: 0',
  );
});
