import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly homepage?: string;
  readonly bugs?: unknown;
  readonly repository?: unknown;
  readonly engines?: unknown;
  readonly publishConfig?: unknown;
  readonly keywords?: readonly string[];
  readonly sideEffects?: unknown;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Something to import from a package: code with types. */
export interface Entry {
  /** `index` for the package itself, else the name behind it, such as `node`. */
  readonly name: string;
  /** What an import names, such as `@keybound/signer/node`. */
  readonly specifier: string;
  /** The source, absolute. */
  readonly source: string;
  /** The built declarations and code, absolute. */
  readonly types: string;
  readonly code: string;
}

/** A package that is published. */
export interface PublishedPackage {
  /** Absolute. */
  readonly folder: string;
  /** The name without its scope. */
  readonly shortName: string;
  readonly manifest: Manifest;
  readonly entries: readonly Entry[];
}

/** All packages whose manifests do not say that they are private, by name. */
export function publishedPackages(): readonly PublishedPackage[] {
  return globSync('packages/*/package.json', { cwd: ROOT })
    .map((path) => publishedPackage(join(ROOT, dirname(path))))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => a.shortName.localeCompare(b.shortName));
}

/** The package in a folder. */
export function publishedPackage(folder: string): PublishedPackage {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entries = Object.entries(manifest.exports ?? {}).flatMap(([path, target]): Entry[] => {
    if (typeof target === 'string' || !target.types || !target.default) return [];
    return [
      {
        name: path === '.' ? 'index' : path.slice('./'.length),
        specifier: path === '.' ? manifest.name : `${manifest.name}${path.slice(1)}`,
        source: join(folder, target['@keybound/source'] ?? ''),
        types: join(folder, target.types),
        code: join(folder, target.default),
      },
    ];
  });
  return { folder, shortName: manifest.name.replace(/^@[^/]+\//, ''), manifest, entries };
}
