import { readFileSync } from 'node:fs';
import { createBearerAuthenticator } from '@keybound/bearer';
import { createGuard, createJwtVerifier, createKeySet, UnavailableError } from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createReportOnlyAuthenticator,
} from '@keybound/dpop';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  RESOURCE,
  testRequest,
} from '@keybound/test-kit';
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { beforeAll, describe, expect, it, vi } from 'vitest';

const page = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

let scraped: string;
let spans: readonly ReadableSpan[];
const bound = mintToken({ boundTo: KEYS.alice });

/** Plays traffic of every kind against a guard that the recipe observes, and reads what it has measured. */
beforeAll(async () => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  const { observe } = await import('../examples/observability/telemetry.ts');

  const clock = createTestClock();
  const keys = createKeySet(keySet(KEYS.issuer));
  const tokens = createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock });
  const bearer = createBearerAuthenticator({ tokens });
  const replay = createMemoryReplayStore({ clock });
  const proofs = { tokens, publicOrigin: RESOURCE, replay, clock };
  const down = {
    add: () => Promise.reject(new UnavailableError('replay_store', 'connection refused')),
  };
  const guards = {
    strict: [bearer, createDpopAuthenticator(proofs)],
    reporting: [bearer, createReportOnlyAuthenticator(proofs)],
    broken: [bearer, createDpopAuthenticator({ ...proofs, replay: down })],
  };
  const send = (guard: keyof typeof guards, authorization?: string, dpop?: string) =>
    createGuard({ authenticators: guards[guard], onDecision: observe }).decide(
      testRequest({ ...(authorization && { authorization }), ...(dpop && { dpop }) }),
    );

  const proof = mintProof({ token: bound });
  await send('strict');
  await send('strict', `Bearer ${mintToken()}`);
  await send('strict', `DPoP ${bound}`, proof);
  await send('strict', `DPoP ${bound}`, proof);
  await send('reporting', `DPoP ${bound}`);
  await send('broken', `DPoP ${bound}`, mintProof({ token: bound }));

  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  scraped = new PrometheusSerializer().serialize(resourceMetrics);
  spans = exporter.getFinishedSpans();
  return () => {
    metrics.disable();
    trace.disable();
    vi.resetModules();
  };
});

/** The value of a sample, whatever the order of its labels. */
function sample(name: string, labels: Readonly<Record<string, string>>): number {
  const line = scraped.split('\n').find((one) => {
    return (
      one.startsWith(`${name}{`) &&
      Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`))
    );
  });
  return Number(line?.split(' ')[1]);
}

describe('the OpenTelemetry recipe', () => {
  const client = 'notes-client';
  it.each([
    [
      'no credentials',
      { outcome: 'refused', scheme: 'none', reason: 'credentials_missing', client: 'unknown' },
    ],
    ['a bearer token', { outcome: 'granted', scheme: 'Bearer', reason: 'none', client }],
    ['a good proof', { outcome: 'granted', scheme: 'DPoP', reported: 'none', client }],
    ['a replay', { outcome: 'refused', scheme: 'DPoP', reason: 'proof_replayed', client }],
    [
      'a fault that is reported',
      { outcome: 'granted', scheme: 'DPoP', reported: 'proof_missing', client },
    ],
    ['an outage', { outcome: 'unavailable', scheme: 'DPoP', reason: 'replay_store', client }],
  ])('%s → counted once, by outcome, scheme, reason and client', (_name, labels) => {
    expect(sample('keybound_decisions_total', labels)).toBe(1);
  });

  it('durations → counted where there was something to wait for', () => {
    expect(sample('keybound_decision_seconds_count', { outcome: 'granted', scheme: 'DPoP' })).toBe(
      2,
    );
    expect(sample('keybound_token_seconds_count', { remembered: 'true' })).toBe(3);
    expect(scraped).toMatch(/^keybound_replay_seconds_count(\{[^}]*\})? 3$/m);
    expect(scraped).toMatch(/^keybound_proof_age_seconds_count(\{[^}]*\})? 3$/m);
  });

  it('each decision → a span with its reason; an error only where nothing could be decided', () => {
    expect(spans.map(({ name, attributes }) => [name, attributes.reason])).toEqual(
      ['credentials_missing', 'none', 'none', 'proof_replayed', 'none', 'replay_store'].map(
        (reason) => ['keybound.decide', reason],
      ),
    );
    expect(spans.map(({ status }) => status.code === SpanStatusCode.ERROR)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('whatever is measured → no token and no part of one', () => {
    const told = scraped + JSON.stringify(spans.map(({ attributes }) => attributes));
    for (const part of bound.split('.')) expect(told).not.toContain(part);
  });

  it('the guide shows this very file', () => {
    const example = readFileSync(
      new URL('../examples/observability/telemetry.ts', import.meta.url),
      'utf8',
    );
    expect(page('guides/observability.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
  });
});

describe('the dashboard', () => {
  const dashboard = JSON.parse(page('public/grafana-dashboard.json'));
  const expressions: readonly string[] = dashboard.panels.flatMap(
    ({ targets }: { targets: readonly { expr: string }[] }) => targets.map(({ expr }) => expr),
  );

  it.each(expressions)('%s → asks for metrics and labels that the recipe writes', (expression) => {
    const names = expression.match(/keybound_\w+/g) ?? [];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(scraped).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
    const labels = [...expression.matchAll(/(\w+)(?:=~?|!=~?|!~)"/g)].map(([, label]) => label);
    const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
      list.split(', '),
    );
    for (const label of [...labels, ...grouped]) expect(scraped).toContain(`${label}="`);
  });

  it('every metric of the recipe → stands in a panel', () => {
    const written = new Set(scraped.match(/^# TYPE (\w+)/gm)?.map((line) => line.slice(7)));
    written.delete('target_info');
    expect(written.size).toBe(5);
    for (const name of written) expect(expressions.join('\n')).toContain(name);
  });
});
