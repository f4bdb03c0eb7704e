import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.base.ts';

/** One file at a time: each has the machine for itself. */
export default mergeConfig(base, defineConfig({ test: { fileParallelism: false } }));
