import { existsSync, globSync, readFileSync } from 'node:fs';

/** A package that strangers install, and that has sources to read. */
export interface PublishedPackage {
  /** `@keybound/core` */
  readonly name: string;
  /** `core` */
  readonly shortName: string;
  /** `packages/core` */
  readonly folder: string;
  /** Its entries, `packages/core/src/index.ts` first. */
  readonly entries: readonly string[];
}

/** The packages that are not private, in the order of their names. */
export function publishedPackages(): readonly PublishedPackage[] {
  return globSync('packages/*/package.json')
    .sort()
    .flatMap((path) => {
      const { name, private: isPrivate, exports } = JSON.parse(readFileSync(path, 'utf8'));
      if (isPrivate === true) return [];
      const folder = path.replace('/package.json', '');
      const entries = Object.values<string | Record<string, string>>(exports).flatMap((entry) =>
        typeof entry === 'object' && entry['@keybound/source'] !== undefined
          ? [`${folder}/${entry['@keybound/source'].replace('./', '')}`]
          : [],
      );
      if (!entries.every((entry) => existsSync(entry))) {
        console.warn(`${name}: absent from the reference, its sources are not there yet`);
        return [];
      }
      return [{ name, shortName: name.replace('@keybound/', ''), folder, entries }];
    });
}
