import { expect, it } from 'vitest';
import type { Report } from '../src/comparison/compare.ts';
import { LANES } from '../src/comparison/lanes.ts';
import { SCENARIOS } from '../src/comparison/scenarios.ts';
import { playComparison } from '../src/node/play-comparison.ts';
import { type Carelessness, startCarelessServer } from './support/careless-server.ts';

async function play(carelessness: Carelessness): Promise<Report & { sentences: string[] }> {
  const origin = await startCarelessServer(carelessness);
  const nobody = { id: 'a', secret: 'b' };
  const sentences: string[] = [];
  const report = await playComparison(
    {
      issuer: origin,
      resource: origin,
      apiKey: 'k',
      clients: { opaque: nobody, jwt: nobody, dpop: nobody },
      apps: { opaque: 'a', jwt: 'a', dpop: 'a' },
      web: nobody,
      account: { username: 'a', password: 'b' },
    },
    (sentence) => sentences.push(sentence),
    async () => undefined,
  );
  return { ...report, sentences };
}

const cellsOf = ({ rows }: Report): string[] =>
  rows.flatMap(({ id, cells }) => cells.map(({ lane }) => `${id} · ${lane}`));

const ALL_CELLS = SCENARIOS.flatMap(({ id, expected }) =>
  LANES.flatMap((lane) => (lane.id in expected ? [`${id} · ${lane.id}`] : [])),
);

it('against a server that lets everybody in, the report says that it is not as it must be', async () => {
  const report = await play({ tokenSeconds: 4 });
  expect(report.asExpected).toBe(false);
  expect(cellsOf(report)).toEqual(ALL_CELLS);
  const wrong = report.rows.flatMap(({ cells }) => cells.filter(({ asExpected }) => !asExpected));
  const checks = SCENARIOS.flatMap(({ expected }) =>
    LANES.flatMap(({ id }) => expected[id] ?? []),
  ).filter((expectation) => expectation !== 'served');
  expect(wrong.map(({ expected }) => expected)).toEqual(checks);
  expect(report.sentences.at(-1)).toMatch(/^waiting \d+ s$/);
});

it('tokens that live for minutes are not waited for', async () => {
  const report = await play({ tokenSeconds: 300 });
  const missing = ALL_CELLS.filter((cell) => !cellsOf(report).includes(cell));
  expect(missing).toEqual(ALL_CELLS.filter((cell) => cell.startsWith('expired')));
  expect(report.sentences.join()).not.toContain('waiting');
});

it.each([
  ['the state of another request', { state: 'b' }],
  ['another issuer', { iss: 'https://as.example' }],
])(
  'a browser that brings an answer with %s is not believed [ISS-2.4-01, OAUTH-STATE-01]',
  async (_name, answer) => {
    await expect(play({ tokenSeconds: 4, answer })).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
  },
);

it('where the server promises iss, an answer without one is not believed [ISS-2.4-01]', async () => {
  const answer = { iss: undefined };
  await expect(play({ tokenSeconds: 4, answer, promisesIss: true })).rejects.toMatchObject({
    code: 'authorization_response_mismatch',
  });
});
