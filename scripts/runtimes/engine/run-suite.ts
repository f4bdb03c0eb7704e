import { setSafeTimers, startTests } from 'vitest/internal/browser';
import type { Shortfall, SuiteReport } from './report.ts';

/** The part of vitest's tasks that counts here. */
interface Task {
  readonly type: 'test' | 'suite';
  readonly name: string;
  readonly mode: string;
  readonly result?: {
    readonly state: string;
    readonly errors?: readonly { readonly message: string }[];
  };
  readonly tasks?: readonly Task[];
}

const TIMEOUT_MS = 20_000;

/** What vitest's runner asks of its configuration. */
const CONFIG = {
  root: '/',
  testTimeout: TIMEOUT_MS,
  hookTimeout: TIMEOUT_MS,
  maxConcurrency: 1,
  passWithNoTests: false,
  allowOnly: false,
  retry: 0,
  repeats: 0,
  sequence: { concurrent: false, hooks: 'stack', shuffle: false, seed: 0 },
  tags: [],
  expect: {},
  snapshotOptions: {},
  experimental: { importDurations: { limit: 0 } },
};

/**
 * Runs test files with vitest's own runner and assertions, which need nothing of Node, one test after the
 * other. Files are functions that evaluate them, by path. `onTest` is told of each test before it runs, so that
 * one that never ends is known.
 */
export async function runSuite(
  files: Readonly<Record<string, () => Promise<unknown>>>,
  onTest: (title: string) => void = () => {},
): Promise<SuiteReport> {
  setSafeTimers();
  const runner = {
    config: CONFIG,
    pool: 'runtimes',
    viteEnvironment: 'runtimes',
    onBeforeRunTask: ({ name }: Task) => onTest(name),
    importFile: (path: string) => files[path]?.(),
  };
  const tasks = await startTests(Object.keys(files), runner as never);
  return reportOf(tasks as unknown as readonly Task[]);
}

/** What became of all tests; a group whose hooks failed, or a file without tests, counts as broken. */
export function reportOf(files: readonly Task[]): SuiteReport {
  let passed = 0;
  const others: Shortfall[] = [];
  const broken: Shortfall[] = [];

  function visit(task: Task, groups: readonly string[]): void {
    const title = [...groups, task.name].join(' > ');
    const messages = (task.result?.errors ?? []).map(({ message }) => message);
    if (task.type === 'test') {
      if (task.result?.state === 'pass') passed++;
      else
        others.push({ title, messages: messages.length > 0 ? messages : [`it is ${task.mode}`] });
      return;
    }
    const { tasks = [] } = task;
    if (messages.length > 0) broken.push({ title, messages });
    else if (tasks.length === 0) broken.push({ title, messages: ['it has no tests'] });
    for (const one of tasks) visit(one, [...groups, task.name]);
  }

  for (const file of files) visit(file, []);
  return { passed, others, broken };
}
