/**
 * npm leaves optional packages of other platforms out of package-lock.json when the registry in use
 * does not have them, and `npm ci` then fails everywhere. This knows which ones a lock file lacks.
 */
import { readFileSync } from 'node:fs';

/** An entry of the lock file, as far as it matters here. */
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  packages: Record<string, LockEntry | PlatformEntry>;
}

/** What the lock file says of a package that is for other platforms than this one. */
interface PlatformEntry {
  readonly version: string;
  readonly cpu: readonly string[];
  readonly dev?: boolean;
  readonly libc?: readonly string[];
  readonly optional: true;
  readonly os: readonly string[];
}

/** A package that another one of the lock file names and that has no entry. */
export interface MissingPackage {
  readonly path: string;
  readonly entry: PlatformEntry;
}

export const LOCKFILE = 'package-lock.json';
/** The members of a workspace's manifest that change with a release and that npm repeats in the lock file. */
export const REPEATED_MEMBERS = [
  'version',
  'dependencies',
  'devDependencies',
  'peerDependencies',
] as const;

export function readLockfile(): Lockfile {
  return JSON.parse(readFileSync(LOCKFILE, 'utf8'));
}

/**
 * The optional platform packages without an entry. Versions are exact, because such packages are
 * released together with the one that names them; the platform is part of the name.
 *
 * @throws Error when a version is a range or a name tells no platform, so that nothing is guessed.
 */
export function missingPackages({ packages }: Lockfile): readonly MissingPackage[] {
  return Object.entries(packages).flatMap(([parentPath, parent]) =>
    Object.entries('optionalDependencies' in parent ? (parent.optionalDependencies ?? {}) : {})
      .filter(([name]) => !packages[`node_modules/${name}`])
      .filter(([name]) => !packages[`${parentPath}/node_modules/${name}`])
      .map(([name, version]) => ({
        path: `node_modules/${name}`,
        entry: platformEntry(name, version, parent.dev === true),
      })),
  );
}

const SYSTEMS = { windows: 'win32', win32: 'win32' } as Readonly<Record<string, string>>;
const PROCESSORS = { '64': 'x64', aarch64: 'arm64' } as Readonly<Record<string, string>>;
const PLATFORM =
  /(android|darwin|freebsd|netbsd|openbsd|openharmony|sunos|aix|linux|win32|windows)-(arm64|aarch64|arm|x64|64|ia32|riscv64|ppc64|s390x|loong64)(?:-(musl|gnu|msvc|eabi))?/;

function platformEntry(name: string, version: string, isDev: boolean): PlatformEntry {
  const [, system = '', processor = '', abi = ''] = PLATFORM.exec(name) ?? [];
  if (system === '' || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version}: neither platform nor exact version can be told`);
  }
  const libc = { musl: 'musl', gnu: 'glibc' }[abi];
  return {
    version,
    cpu: [PROCESSORS[processor] ?? processor],
    ...(isDev && { dev: true }),
    ...(libc !== undefined && system === 'linux' && { libc: [libc] }),
    optional: true,
    os: [SYSTEMS[system] ?? system],
  };
}
