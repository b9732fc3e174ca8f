import { defineConfig } from 'vitest/config';

const shared = {
  exclude: ['test/**/*.slow.test.ts'],
  testTimeout: 120_000,
  // A hook compiles a contract, which takes its time where others have the cores.
  hookTimeout: 120_000,
  // The memory tests collect garbage before they measure.
  execArgv: ['--expose-gc'],
};

/** They start worker threads of their own, and look for contention among them: files side by side would only take the cores from each other. */
const alone = ['engine', 'kernel', 'runtime'].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'alone', include: alone, fileParallelism: false, sequence: { groupOrder: 0 } } },
      {
        test: {
          ...shared,
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: [...shared.exclude, ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
