/** The workspaces of a copy of this repository, read from their manifests. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Ranges = Readonly<Record<string, string>>;

/** What a condition of `exports` or `imports` leads to. */
export type Target = string | { readonly [condition: string]: Target };

/** The part of a package.json that counts here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly engines?: { readonly node?: string };
  readonly license?: string;
  readonly repository?: { readonly directory?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
}

export interface Workspace {
  /** From the root of the repository, with slashes: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export const CORE = '@keybound/core';
export const VECTORS = '@keybound/dpop-vectors';
/** They are released together under one number. */
export const FIXED_GROUP = [CORE, '@keybound/bearer', '@keybound/dpop', '@keybound/signer'];

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** All workspaces below a root. */
export function workspacesIn(root: string): readonly Workspace[] {
  return globSync('{packages,apps}/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({
      folder: dirname(path).replaceAll('\\', '/'),
      manifest: readManifest(join(root, path)),
    }));
}

/** Those that a registry gets. */
export function publishedOf(workspaces: readonly Workspace[]): readonly Workspace[] {
  return workspaces.filter(({ manifest }) => manifest.private !== true);
}

/** Packages of their own number that are plugged into a framework or a server, with core as a peer. */
export function adaptersOf(workspaces: readonly Workspace[]): readonly Workspace[] {
  return publishedOf(workspaces).filter(({ manifest }) => manifest.peerDependencies?.[CORE]);
}

/** The file names behind all conditions of an entry, those of private conditions included. */
export function targetsOf(target: Target): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targetsOf);
}

/** What can be imported as a module: `@keybound/signer`, `@keybound/signer/node`. */
export function modulesOf({ name, exports = {} }: Manifest): readonly string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([entry]) => name + entry.slice(1));
}
