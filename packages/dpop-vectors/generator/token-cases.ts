import type { Expect, TokenConfig, TokenTest } from '../src/format.ts';
import { acceptable, type Draft, type Facts, invalid, valid } from './draft.ts';
import { fromBase64url } from './encode/base64url.ts';
import type { Member } from './encode/json.ts';
import { accessToken, type TokenVariation } from './messages.ts';

/** A case about a token alone: what is said of it, and how it differs from the good one. */
export type TokenRow = readonly [
  id: string,
  comment: string,
  requirements: string,
  token: TokenVariation | string,
  facts?: Facts & { readonly override?: Partial<Omit<TokenConfig, 'server'>> },
];

/** A row about which the RFCs leave a choice, and why it is decided as it is. */
export type OpenTokenRow = readonly [reason: string, ...row: TokenRow];

const REFUSED: Expect = { errors: ['invalid_token'] };

/** The good token of these cases, which is not bound, with some variation. */
export function unbound(variation: TokenVariation = {}): string {
  return accessToken({ boundTo: null, ...variation });
}

export function acceptedToken(row: TokenRow): Draft<TokenTest> {
  const [id, comment, requirements] = row;
  return valid<TokenTest>(id, comment, requirements, content(row, {}), facts(row));
}

export function refusedToken(row: TokenRow): Draft<TokenTest> {
  const [id, comment, requirements] = row;
  return invalid<TokenTest>(id, comment, requirements, content(row, REFUSED), facts(row));
}

/** A token that this suite holds to be good. */
export function tolerableToken([reason, ...row]: OpenTokenRow): Draft<TokenTest> {
  const [id, comment, requirements] = row;
  const said = { ...facts(row), reason };
  return acceptable<TokenTest>('accept', id, comment, requirements, content(row, {}), said);
}

/** A token that this suite holds to be bad. */
export function doubtfulToken([reason, ...row]: OpenTokenRow): Draft<TokenTest> {
  const [id, comment, requirements] = row;
  const said = { ...facts(row), reason };
  return acceptable<TokenTest>('reject', id, comment, requirements, content(row, REFUSED), said);
}

function content(
  [, , , token, { override } = {}]: TokenRow,
  expect: Expect,
): Pick<TokenTest, 'token' | 'expect' | 'override'> {
  return {
    token: typeof token === 'string' ? token : unbound(token),
    ...(override && { override }),
    expect,
  };
}

function facts([, , , , { override: _, ...rest } = {}]: TokenRow): Facts {
  return rest;
}

/** The members of a part of a token, in order, so that some can be repeated or respelt. */
export function membersOf(token: string, part: 'header' | 'payload'): readonly Member[] {
  const text = token.split('.')[part === 'header' ? 0 : 1] ?? '';
  return Object.entries(JSON.parse(Buffer.from(fromBase64url(text)).toString()));
}
