import type { CaseResult, Requirement } from '@keybound/dpop-vectors';
import { describe, expect, it } from 'vitest';
import { reportDocument } from '../src/peers/report/document.ts';

const REQUIREMENT = { id: 'URI-11', title: 'A proper URI is demanded.' } as Requirement;

function result(id: string, changes: Partial<CaseResult> = {}): CaseResult {
  return {
    name: `rs-x/${id}`,
    file: 'rs-x',
    group: 'x',
    type: 'RsVerify',
    id,
    comment: 'A case.',
    flags: [],
    requirements: ['URI-11'],
    result: 'invalid',
    verdict: 'failure',
    sentences: ['It must be refused, and was accepted.'],
    expected: 'refused',
    came: 'accepted',
    ...changes,
  };
}

function documentOf(results: readonly CaseResult[]): string {
  const counts = { passed: 0, warnings: 0, failures: 0, notTestable: 0, skipped: 0 };
  const report = { software: { name: 'peer' }, counts, results };
  const run = { report, name: 'peer', version: '1.2.3', builtOn: 'x', configuration: 'As it is.' };
  const facts = { date: '2026-11-27', node: '24.0.0', files: [], requirements: [REQUIREMENT] };
  return reportDocument([run], facts);
}

describe('the report on peers', () => {
  it('folds failures of one requirement into a row with their names', () => {
    const text = documentOf([result('one'), result('two')]);
    expect(text).toContain('Accepted what must be refused. URI-11: A proper URI is demanded.');
    expect(text).toContain('| 2 | rs-x: one, two |');
    expect(text).toContain('| peer | 0 | 0 | 2 | 0 | 0 |');
  });

  it('keeps forgeries without a key apart from other failures of the requirement', () => {
    const text = documentOf([result('one'), result('two', { flags: ['KeylessForgery'] })]);
    expect(text).toMatch(/These proofs need no private key\..* \| 1 \| rs-x: two \|/);
    expect(text).toContain('| 1 | rs-x: one |');
  });

  it('tells a wrong status once, whatever the requirement', () => {
    const sentences = ['The status is 400 instead of 401.'];
    const warning = { verdict: 'warning', sentences, came: 'refused' } as const;
    const text = documentOf([
      result('one', warning),
      result('two', { ...warning, requirements: ['DPOP-4.3-08'] }),
    ]);
    expect(text).toContain(
      '| Decided as it should be. The status is 400 instead of 401. | 2 | rs-x: one, two |',
    );
  });

  it('counts skipped cases by their reason', () => {
    const skipped = { verdict: 'skipped', came: null } as const;
    const text = documentOf([
      result('one', { ...skipped, sentences: ['It has no nonces.'] }),
      result('two', { ...skipped, sentences: ['Step 1: Odd.', 'It has no nonces.'] }),
    ]);
    expect(text).toContain('| It has no nonces. | 2 | rs-x |');
  });

  it('breaks no table with what a peer says', () => {
    const text = documentOf([
      result('one', { verdict: 'skipped', sentences: ['a | b\nc <d>'], came: null }),
    ]);
    expect(text).toContain('| a \\| b c \\<d> | 1 | rs-x |');
  });
});
