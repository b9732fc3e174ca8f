import { defineConfig } from 'vitest/config';

const shared = {
  exclude: ['test/**/*.slow.test.ts', 'test/packed/**', 'test/report/**'],
  testTimeout: 120_000,
  // A hook compiles a contract, which takes its time where others have the cores.
  hookTimeout: 120_000,
  // The memory tests collect garbage before they measure. What the compiler makes for a contract mostly dies with it: with more room it is not copied first.
  execArgv: ['--expose-gc', '--max-semi-space-size=64'],
  // What was built is loaded by Node, as an embedder has it. Vitest's own loading of it makes every use of an import slower.
  server: { deps: { external: [/\/dist\/(host|bench)\//] } },
};

/**
 * They look for contention among worker threads of their own, for what the caller's thread is given meanwhile, or for what their process holds: files
 * side by side would only take the cores from each other. Each has a process of its own.
 */
const alone = [
  ...['contended', 'counter', 'every-setting', 'incarnations', 'property', 'speculation', 'stress'].map(
    (name) => `engine/${name}`,
  ),
  ...['abort', 'chain', 'lifecycle', 'open-close', 'streaming'].map((name) => `runtime/${name}`),
].map((file) => `test/${file}.test.ts`);

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
          // Two processes, each for one file after another: what all load, the compiler above all, is loaded twice.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
