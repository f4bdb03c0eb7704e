import { emptyModules } from './modules.ts';

/** Once for all test files, which write modules side by side. */
export default emptyModules;
