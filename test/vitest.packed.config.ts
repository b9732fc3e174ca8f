import { defineConfig } from 'vitest/config';

// Each packs the package and installs it from the registry into a project of its own.
export default defineConfig({
  test: { include: ['test/packed/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
