/** `npm run conformance`: writes `docs/conformance.md`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readEvidence } from './evidence.ts';
import { conformancePage } from './page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
writeFileSync(`${root}docs/conformance.md`, conformancePage(readEvidence(root)));
