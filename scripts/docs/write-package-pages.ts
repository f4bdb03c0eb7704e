import { copyFileSync, mkdirSync } from 'node:fs';
import { publishedPackages } from '../published.ts';

/** Copies what stands elsewhere in the repository and is read on the site as well. */
export function writePackagePages(): void {
  mkdirSync('docs/reference/packages', { recursive: true });
  copyFileSync('SECURITY.md', 'docs/reference/security.md');
  for (const { folder, shortName } of publishedPackages()) {
    copyFileSync(`${folder}/README.md`, `docs/reference/packages/${shortName}.md`);
  }
}
