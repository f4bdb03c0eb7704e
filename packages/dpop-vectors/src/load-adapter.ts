import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Adapter } from './questions.ts';
import { messageOf } from './words.ts';

/**
 * Imports the adapter that is the default export of a module.
 *
 * @throws Error with a sentence for whoever wrote the module.
 */
export async function loadAdapter(path: string): Promise<Adapter> {
  const place = resolve(path);
  if (!existsSync(place)) throw new Error(`There is no adapter at ${place}.`);
  const adapter: unknown = (await imported(path, place)).default;
  if (adapter === undefined) throw new Error(`${path} has no default export.`);
  if (typeof adapter !== 'object' || adapter === null) {
    throw new Error(`The default export of ${path} is no object.`);
  }
  const { name, answer } = adapter as Partial<Adapter>;
  if (typeof answer !== 'function') {
    throw new Error(`The default export of ${path} has no function named answer.`);
  }
  if (typeof name !== 'string') {
    throw new Error(`The default export of ${path} has no name, which the report needs.`);
  }
  return adapter as Adapter;
}

async function imported(path: string, place: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(place).href);
  } catch (error) {
    throw new Error(`${path} cannot be imported: ${messageOf(error)}`);
  }
}
