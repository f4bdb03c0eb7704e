import { pathToFileURL } from 'node:url';
import { type ProgramNeeded, programOrSkip } from '@keybound/test-kit';
import { expect } from 'vitest';
import { unsetNames } from '../world/environment.ts';
import type { RunningWorld, World } from '../world/world.ts';
import type { Block } from './blocks.ts';
import { type ModuleFile, modulesOf, writeModule } from './modules.ts';
import { readText } from './pages.ts';

/** What an account has to work with. */
export interface Stage {
  readonly world: RunningWorld;
  /** Ends the test as skipped. */
  skip(note: string): never;
}

/** Shows that a block is true, or fails. */
export type Account = (block: Block, stage: Stage) => unknown;

/** Accounts by the key of their block. */
export type Accounts = Readonly<Record<string, Account>>;

/**
 * Checks what the prose promises of a module, after it was run.
 *
 * @param exported - what the module exports
 */
// biome-ignore lint/suspicious/noExplicitAny: the types of a text are checked where it is compiled
export type Outcome = (world: World, exported: any) => unknown;

/** What a module needs beside itself. */
export interface RunOptions {
  /** Files that it imports by a relative path, by name. */
  readonly beside?: Readonly<Record<string, string>>;
  /**
   * The origin of the first server that the module starts. @defaultValue the API of the documents
   */
  readonly serves?: string;
  /** A program that has to be installed, or the test is skipped with a line that says so. */
  readonly needs?: ProgramNeeded;
  /**
   * Runs first, for what has to be there when the module begins.
   *
   * @param program - where the program is that is needed
   */
  readonly before?: (world: World, program: string) => unknown;
  /** Goes on while the module runs, for one that waits: for Alice at her browser, for a request. */
  readonly meanwhile?: (world: World) => unknown;
}

/** The module is run in the world of the documents; then its outcome is checked. */
export function runs(outcome: Outcome, options: RunOptions = {}): Account {
  return async (block, stage) => {
    const [module, ...others] = modulesOf(block);
    if (module === undefined || others.length > 0)
      throw new Error(`${block.key} is not one module`);
    await run(module, outcome, options, stage);
  };
}

/** Both sides of a diff are run, each with its own outcome. */
export function leads(from: Outcome, to: Outcome, options: RunOptions = {}): Account {
  return async (block, stage) => {
    const [before, after] = modulesOf(block);
    if (before === undefined || after === undefined) throw new Error(`${block.key} is no diff`);
    await run(before, from, options, stage);
    await run(after, to, options, stage);
  };
}

async function run(
  module: ModuleFile,
  outcome: Outcome,
  { beside = {}, serves, needs, before, meanwhile }: RunOptions,
  { world: { during }, skip }: Stage,
): Promise<void> {
  expect(unsetNames(module.text), 'read from the environment; add them to ENVIRONMENT').toEqual([]);
  const program = needs === undefined ? '' : programOrSkip(needs);
  if (program === undefined) return skip(`${needs?.name} is not installed`);
  writeModule(module, beside);
  await during(async (world) => {
    await before?.(world, program);
    const [exported] = await Promise.all([
      import(/* @vite-ignore */ pathToFileURL(module.path).href),
      meanwhile?.(world),
    ]);
    await outcome(world, exported);
  }, serves);
}

/** The block is what something says, but for blanks at its end. @param produce - what it says */
export function shows(produce: (world: World) => string | Promise<string>): Account {
  return async ({ text }, { world: { during } }) => {
    await during(async (world) => {
      expect(text.trimEnd()).toBe((await produce(world)).trimEnd());
    });
  };
}

/**
 * The block is a file of the repository, to the letter, and a test imports that file.
 *
 * @param file - where the code is
 * @param test - what runs it
 */
export function isFile(file: string, test: string): Account {
  return ({ text }) => {
    expect(text, `${file} is shown as it is`).toBe(readText(file));
    const folder = new URL('.', `file:///${test}`);
    const imported = [...readText(test).matchAll(/(?:\bfrom |\bimport\()'(\.[^']+)'/g)];
    const files = imported.map(([, path = '']) => new URL(path, folder).pathname.slice(1));
    expect(files, `${test} imports what it says it runs`).toContain(file);
  };
}
