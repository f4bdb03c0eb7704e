import { createFunctionAdapter } from '../src/ours/function-adapter.ts';
import { testEachCase } from './support/vectors.ts';

// Bytes on a connection need a server; those cases are asked over sockets.
await testEachCase(createFunctionAdapter(), ({ group }) => group.type !== 'RawHttp');
