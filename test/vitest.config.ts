import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    testTimeout: 120_000,
    // Tests start worker threads of their own; files side by side would only take the cores from each other.
    fileParallelism: false,
    // The memory tests collect garbage before they measure.
    execArgv: ['--expose-gc'],
  },
});
