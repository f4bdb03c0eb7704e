import type { Decision } from '@keybound/core';
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';

const meter = metrics.getMeter('keybound');
const tracer = trace.getTracer('keybound');
const decisions = meter.createCounter('keybound.decisions');
const seconds = (name: string, bounds: number[]) =>
  meter.createHistogram(name, { unit: 's', advice: { explicitBucketBoundaries: bounds } });
const FAST = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const decisionSeconds = seconds('keybound.decision.seconds', FAST);
const tokenSeconds = seconds('keybound.token.seconds', FAST);
const replaySeconds = seconds('keybound.replay.seconds', FAST);
const proofAge = seconds(
  'keybound.proof.age.seconds',
  [-60, -30, -10, -5, 0, 5, 10, 30, 60, 120, 300],
);

/** Pass it as `onDecision`. */
export function observe(decision: Decision): void {
  const {
    outcome,
    scheme = 'none',
    reason,
    component,
    reported = 'none',
    clientId = 'unknown',
  } = decision;
  const what = { outcome, scheme, reason: reason ?? component ?? 'none', reported };
  decisions.add(1, { ...what, client: clientId });
  decisionSeconds.record(decision.seconds, { outcome, scheme });
  const remembered = decision.isTokenRemembered ?? false;
  if (decision.tokenSeconds !== undefined)
    tokenSeconds.record(decision.tokenSeconds, { remembered });
  if (decision.replaySeconds !== undefined) replaySeconds.record(decision.replaySeconds);
  if (decision.proofAgeSeconds !== undefined) proofAge.record(decision.proofAgeSeconds);

  const now = Date.now();
  const span = tracer.startSpan('keybound.decide', { startTime: now - decision.seconds * 1000 });
  span.setAttributes({ ...what, client: clientId, remembered });
  if (outcome === 'unavailable')
    span.setStatus({ code: SpanStatusCode.ERROR, message: what.reason });
  span.end(now);
}
