import { defineConfig } from 'vitest/config';

// The page of a sweep, and a trace in a viewer, in a real browser: see report/browser.ts for which one.
export default defineConfig({
  test: { include: ['test/report/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
