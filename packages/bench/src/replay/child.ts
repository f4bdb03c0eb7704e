import { CONTENDERS } from './contenders.ts';
import { measureStore } from './measure.ts';
import { proveStore } from './prove.ts';

// Started by main.ts for one contender and one size, so that memory is that of one store.
const [index = '', live = ''] = process.argv.slice(2);
const contender = CONTENDERS[Number(index)];
const { gc } = globalThis;
if (contender === undefined || gc === undefined) throw new Error('to be started by main.ts');

await proveStore(contender);
const result = await measureStore(contender, Number(live), gc);
process.send?.(result);
