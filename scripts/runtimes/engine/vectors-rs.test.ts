import { testVectors } from './test-vectors.ts';

await testVectors(['RsVerify', 'Challenge', 'JwtAccessToken', 'Sequence', 'Thumbprint']);
