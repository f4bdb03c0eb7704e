import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readJson, schemaFaults } from './support/schemas.ts';
import { common, fileOf, RS, request, requestTest, rsGroup, step } from './support/vectors.ts';

const published = readdirSync(new URL('../vectors/', import.meta.url));

describe('the published files', () => {
  test('there are vector files', () => {
    expect(published.length).toBeGreaterThan(0);
  });

  test.each(published)('vectors/%s keeps to its schema', (name) => {
    expect(schemaFaults('vectors', readJson(`vectors/${name}`))).toEqual([]);
  });

  test.each(['keys', 'requirements'] as const)('%s.json keeps to its schema', (name) => {
    expect(schemaFaults(name, readJson(`${name}.json`))).toEqual([]);
  });
});

describe('the schema of vectors', () => {
  const good = requestTest({ id: 'good' });

  test('a small file of the tests keeps to it', () => {
    expect(schemaFaults('vectors', fileOf(rsGroup(good)))).toEqual([]);
  });

  test.each<[string, object]>([
    ['a group of an unknown type', { ...rsGroup(good), type: 'Other' }],
    ['a case with a member that nobody knows', rsGroup({ ...good, extra: 1 } as typeof good)],
    ['a case without requirements', rsGroup({ ...good, requirements: [] })],
    [
      'an acceptable case without a policy',
      rsGroup({ ...good, result: 'acceptable', reason: 'x' }),
    ],
    [
      'an acceptable case without a reason',
      rsGroup({ ...good, result: 'acceptable', policy: 'accept' }),
    ],
    ['a policy where the RFCs decide', rsGroup({ ...good, policy: 'accept' })],
    [
      'an override of the kind of server',
      rsGroup({ ...good, override: { server: 'as' } as object }),
    ],
    ['a request without a method', rsGroup({ ...good, request: { ...request(), method: '' } })],
    ['a configuration without a clock', { ...rsGroup(good), config: { ...RS, clock: undefined } }],
    [
      'raw text that is more than bytes',
      {
        ...rsGroup(),
        type: 'RawHttp',
        tests: [{ ...common({ id: 'raw' }), raw: 'GET /\u2028', expect: {} }],
      },
    ],
    [
      'a step that is sent no times',
      {
        ...rsGroup(),
        type: 'Sequence',
        tests: [{ ...common({ id: 'steps' }), steps: [step({ times: 0 })] }],
      },
    ],
  ])('%s breaks it', (_, group) => {
    const file = JSON.parse(JSON.stringify({ ...fileOf(), numberOfTests: 1, testGroups: [group] }));
    expect(schemaFaults('vectors', file)).not.toEqual([]);
  });
});

describe('the schema of keys', () => {
  test('a public key with a private member breaks it', () => {
    const key = { comment: 'A key.', alg: 'ES256', jwk: { kty: 'EC', d: 'AA' } };
    expect(schemaFaults('keys', { schemaVersion: 1, keys: { key } })).not.toEqual([]);
  });
});

describe('the schema of the protocol', () => {
  test.each<[string, object]>([
    ['a decision that is neither', { id: 'q', decision: 'maybe' }],
    ['a question without a session', { kind: 'token', id: 'q', config: {}, token: 'x' }],
    ['an answer to no question', { decision: 'accept' }],
  ])('%s breaks it', (_, line) => {
    expect(schemaFaults('protocol', line)).not.toEqual([]);
  });
});
