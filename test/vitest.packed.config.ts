import { defineConfig } from 'vitest/config';

// Whole projects of others: most pack the package and install it from the registry.
export default defineConfig({
  test: { include: ['test/packed/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
