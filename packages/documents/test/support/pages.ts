import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** What programs write; their own tests hold them to what they are made of. */
const GENERATED = ['docs/conformance.md', 'docs/vectors/report.md', 'docs/reference/'];

/** A Markdown page that people write. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every README, guide and page, in the order of their paths. */
export function readPages(): readonly Page[] {
  const patterns = ['*.md', '{packages,apps}/*/README.md', 'docs/**/*.md'];
  return globSync(patterns, { cwd: ROOT, exclude: (path) => /node_modules|\.vitepress/.test(path) })
    .filter((path) => !GENERATED.some((prefix) => path.startsWith(prefix)))
    .sort()
    .map((path) => ({ path, text: readText(path) }));
}

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
