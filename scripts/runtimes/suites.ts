import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from './engines.ts';

/** Test files that run as one program. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** The folder the program lies in: what it imports is what this place gets. */
  readonly folder: string;
  readonly files: (kind: Engine['kind']) => readonly string[];
  /** How many of its test files are about Node alone. */
  readonly nodeOnly?: number;
  /** Engines on which it has nothing to say, and why. */
  readonly not?: Partial<Record<Engine['kind'], string>>;
}

const OWN = resolve('scripts/runtimes/engine');
const NEEDS_MINTS = 'its tests make tokens with the cryptography of Node';

/** The rows of the table. */
export const SUITES: readonly Suite[] = [
  { ...packageSuite('core'), not: { chromium: NEEDS_MINTS } },
  { ...packageSuite('bearer'), not: { chromium: NEEDS_MINTS } },
  { ...packageSuite('dpop'), not: { chromium: NEEDS_MINTS } },
  packageSuite('signer'),
  ownSuite('vectors-rs', 'vectors for resource servers'),
  {
    ...ownSuite('vectors-client', 'vectors for clients'),
    not: { chromium: 'the runner checks the proofs of clients with the cryptography of Node' },
  },
  ownSuite('walk', 'walk: sign, present, verify, steal'),
  {
    ...ownSuite('kept-keys', 'keys in the IndexedDB of a browser'),
    not: {
      node: 'no IndexedDB',
      bun: 'no IndexedDB',
      deno: 'no IndexedDB',
      workerd: 'no IndexedDB',
    },
  },
];

/** What the tests of a package are; those in `test/node` are about Node alone. */
function packageSuite(name: string): Suite {
  const folder = resolve('packages', name);
  return {
    name,
    title: `\`${name}\``,
    folder,
    nodeOnly: globSync('test/node/**/*.test.ts', { cwd: folder }).length,
    files: (kind) => {
      const files = globSync('test/**/*.test.ts', { cwd: folder }).sort();
      const own = kind === 'node' ? files : files.filter((file) => !file.startsWith('test/node/'));
      const paths = own.map((file) => join(folder, file));
      // All run in one realm, and Bun’s timers are not what they were after they have been replaced.
      return [...paths.filter((path) => !fakesTimers(path)), ...paths.filter(fakesTimers)];
    },
  };
}

function fakesTimers(path: string): boolean {
  return readFileSync(path, 'utf8').includes('useFakeTimers');
}

function ownSuite(name: string, title: string): Suite {
  return { name, title, folder: OWN, files: () => [join(OWN, `${name}.test.ts`)] };
}
