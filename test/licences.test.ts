import { expect, it } from 'vitest';
import { isAllowed } from '../scripts/licences/expression.ts';

const ALLOWED = ['MIT', 'ISC'];

it.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only OR MIT', true],
  ['(MIT AND ISC)', true],
  ['(MIT AND CC-BY-3.0)', false],
  ['MIT OR ISC AND GPL-3.0-only', false],
  ['Apache-2.0 WITH LLVM-exception', false],
  ['MIT*', false],
  ['UNKNOWN', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('%s → allowed: %s', (expression, expected) => {
  expect(isAllowed(expression, ALLOWED)).toBe(expected);
});
