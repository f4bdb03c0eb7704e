/** Runs one example to its end and finds what it exports; servers that it started end with the process. */
import { pathToFileURL } from 'node:url';

const [path, ...names] = process.argv.slice(2);
const exported = await import(pathToFileURL(path).href);
for (const name of names) {
  if (exported[name] === undefined) throw new Error(`${path} does not export ${name}`);
}
process.exit(0);
