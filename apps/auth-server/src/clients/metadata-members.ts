import { isJsonObject, type JsonObject } from '@keybound/core';
import { OauthError } from '../oauth-error.ts';

/** A fault of one member, as a constant sentence that begins with the member's name. */
export function memberFault(member: string, rule: string): OauthError {
  return new OauthError('invalid_client_metadata', `${member} ${rule}`);
}

/** A text, or undefined when the member is absent. */
export function textMember(metadata: JsonObject, member: string): string | undefined {
  const value = metadata[member];
  if (value === undefined || typeof value === 'string') return value;
  throw memberFault(member, 'must be a text');
}

/** A list of texts, each once, or undefined when the member is absent. */
export function textsMember(metadata: JsonObject, member: string): readonly string[] | undefined {
  const value = metadata[member];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    throw memberFault(member, 'must be a list of texts');
  }
  return [...new Set<string>(value)];
}

/** A flag; false when the member is absent. */
export function flagMember(metadata: JsonObject, member: string): boolean {
  const value = metadata[member] ?? false;
  if (typeof value !== 'boolean') throw memberFault(member, 'must be true or false');
  return value;
}

/** One of some words; the first one when the member is absent. */
export function wordMember<Word extends string>(
  metadata: JsonObject,
  member: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = metadata[member];
  const word = value === undefined ? words[0] : words.find((one) => one === value);
  if (word === undefined) throw memberFault(member, `must be ${words.join(' or ')}`);
  return word;
}

/** The keys of a JWK Set, or undefined when the member is absent. */
export function keysMember(metadata: JsonObject, member: string): readonly unknown[] | undefined {
  const value = metadata[member];
  if (value === undefined) return undefined;
  if (isJsonObject(value) && Array.isArray(value.keys)) return value.keys;
  throw memberFault(member, 'must be a JWK Set');
}
