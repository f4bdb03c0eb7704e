import { describe, expect, it, onTestFinished } from 'vitest';
import { buildClient } from '../src/app.ts';
import type { Cell, Report, Row } from '../src/comparison/compare.ts';
import { LANES } from '../src/comparison/lanes.ts';
import { formatTable } from '../src/report/table.ts';
import { LAB_STUB } from './support/lab-stub.ts';

function cell(overrides: Partial<Cell>): Cell {
  return {
    lane: 'dpop',
    status: 401,
    reason: 'proof_replayed',
    sentence: 'The DPoP proof has been used <before>',
    expected: 'proof_replayed',
    asExpected: true,
    ...overrides,
  };
}

function reportWith(overrides: Partial<Cell>, kind: Row['kind'] = 'theft'): Report {
  const only = cell(overrides);
  return {
    issuer: 'http://localhost:1',
    resource: 'http://localhost:2',
    rows: [{ id: 'replay', title: 'replayed', story: 'A <story> & more.', kind, cells: [only] }],
    costs: LANES.map(({ id }) => ({
      lane: id,
      credentialBytes: 100,
      medianMs: 1.234,
      signUs: undefined,
      verifyUs: 60.4,
      firstRoundTrips: 1,
    })),
    asExpected: only.asExpected,
  };
}

describe('the table', () => {
  it.each([
    ['a theft that a check stopped', {}, 'theft', '401 proof_replayed'],
    [
      'a theft that the authorization server stopped',
      { status: 400, reason: 'invalid_grant', expected: 'invalid_grant' },
      'theft',
      '400 invalid_grant',
    ],
    [
      'a theft that went through',
      { status: 200, reason: undefined, expected: 'served' },
      'theft',
      '200 STOLEN',
    ],
    [
      'an honest request',
      { status: 200, reason: undefined, expected: 'served' },
      'honest',
      '200 ok',
    ],
    [
      'what no lane stops',
      { status: 201, reason: undefined, expected: 'served' },
      'limit',
      '201 not stopped',
    ],
    [
      'a cell that is not as it must be',
      { status: 200, reason: undefined, asExpected: false },
      'theft',
      '200 served, EXPECTED: proof_replayed',
    ],
    [
      'a server that failed',
      { status: 503, reason: undefined, asExpected: false },
      'theft',
      '503 failed, EXPECTED: proof_replayed',
    ],
  ] as const)('%s reads "%s"', (_name, overrides, kind, text) => {
    const table = formatTable(reportWith(overrides, kind), { colour: false });
    expect(table).toMatch(new RegExp(`^replayed +– +– +– +${text} +–$`, 'm'));
  });

  it('in a narrow terminal the lanes that do not fit stand below, no line is wider', () => {
    const lines = formatTable(reportWith({}), { colour: false, columns: 60 }).split('\n');
    expect(lines.filter((line) => line.startsWith('replayed')).length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('colour is added only when asked for', () => {
    const plain = formatTable(reportWith({}), { colour: false });
    const coloured = formatTable(reportWith({}), { colour: true });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: strips the colour codes
    expect(coloured.replace(/\x1b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain);
  });
});

describe('the page', () => {
  async function pageOf(report?: Report) {
    const play = async (): Promise<Report> => reportWith({});
    const app = await buildClient({
      play,
      lab: LAB_STUB,
      logLevel: 'silent',
      ...(report && { report }),
    });
    onTestFinished(() => app.close());
    return app;
  }

  it('shows the report with its texts escaped, without script, under a strict policy', async () => {
    const response = await (await pageOf(reportWith({}))).inject('/report');
    expect(response.body).toContain('A &#60;story&#62; &#38; more.');
    expect(response.body).toContain('The DPoP proof has been used &#60;before&#62;');
    expect(response.body).not.toContain('<script');
    expect(response.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'self';/,
    );
  });

  it('another site cannot start a run', async () => {
    const response = await (await pageOf()).inject({
      method: 'POST',
      url: '/runs',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(response.statusCode).toBe(403);
  });

  it('servers out of reach → the page says so, not a bare error', async () => {
    const app = await buildClient({
      play: async () => {
        throw new Error('fetch failed');
      },
      lab: LAB_STUB,
      logLevel: 'silent',
    });
    onTestFinished(() => app.close());
    const response = await app.inject({ method: 'POST', url: '/runs' });
    expect(response.statusCode).toBe(502);
    expect(response.body).toContain('The servers could not be reached.');
  });

  it('before a run it says so; the button plays and leads back', async () => {
    const app = await pageOf();
    expect((await app.inject('/report')).body).toContain('Nothing has been played yet.');
    expect((await app.inject('/report.json')).statusCode).toBe(404);
    const played = await app.inject({
      method: 'POST',
      url: '/runs',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([played.statusCode, played.headers.location]).toEqual([303, '/report']);
    expect((await app.inject('/report.json')).json().asExpected).toBe(true);
  });
});
