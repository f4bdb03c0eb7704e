/** Writes every module of the documents, for the compiler: `npm run typecheck`. */
import { blocksOf } from './blocks.ts';
import { emptyModules, modulesOf, writeModule } from './modules.ts';
import { readPages } from './pages.ts';

emptyModules();
for (const block of readPages().flatMap(blocksOf)) {
  for (const module of modulesOf(block)) writeModule(module);
}
