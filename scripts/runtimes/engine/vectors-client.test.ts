import { testVectors } from './test-vectors.ts';

await testVectors(['Signer']);
