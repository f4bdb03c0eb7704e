import { createSocketAdapter } from '../src/ours/socket-adapter.ts';
import { testEachCase } from './support/vectors.ts';

await testEachCase(
  createSocketAdapter(),
  ({ group }) => group.type === 'RawHttp' || group.type === 'Sequence',
);
