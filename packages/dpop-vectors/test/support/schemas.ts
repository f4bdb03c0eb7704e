import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const NAMES = ['vectors', 'keys', 'requirements', 'protocol'] as const;

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  formats: { regex: isRegex },
});
const addresses = new Map<string, string>();
for (const name of NAMES) {
  const schema = readJson(`schemas/${name}.schema.json`) as { readonly $id: string };
  addresses.set(name, schema.$id);
  ajv.addSchema(schema);
}

/**
 * What a value lacks by one of the published schemas, or by a definition in it. Where there are several
 * alternatives, what stands deepest in the value is of the one that was meant.
 */
export function schemaFaults(
  name: (typeof NAMES)[number],
  value: unknown,
  definition = '',
): readonly string[] {
  const validate = ajv.getSchema(`${addresses.get(name)}${definition}`);
  if (validate === undefined) throw new Error(`No schema ${name}${definition}`);
  if (validate(value) === true) return [];
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => ({
    depth: instancePath.split('/').length,
    text: `${instancePath} ${message} ${JSON.stringify(params)}`,
  }));
  const deepest = Math.max(...faults.map(({ depth }) => depth));
  return faults.filter(({ depth }) => depth === deepest).map(({ text }) => text);
}

/** A JSON file of the package. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
