import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A contract that has changed is compiled by the first test that deploys it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
