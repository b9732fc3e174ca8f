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

const filesOf = (...names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** They watch how much memory their process holds: each has one of its own. */
const memory = filesOf('engine/stress', 'runtime/open-close', 'runtime/streaming', 'contract/types');

/** They look for contention among worker threads of their own, or for what the caller's thread is given meanwhile: files side by side would only take the cores from each other. */
const alone = filesOf(
  ...['contended', 'counter', 'every-setting', 'incarnations', 'property', 'speculation'].map(
    (name) => `engine/${name}`,
  ),
  ...['abort', 'chain', 'lifecycle'].map((name) => `runtime/${name}`),
);

/** A process goes through file after file, so that what all load, the compiler above all, is loaded once in each. */
const shares = { ...shared, isolate: false };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shares,
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: [...shared.exclude, ...alone, ...memory],
          // On two cores: of three files, one mostly waits for the disk, or for a process of its own.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shares, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      { test: { ...shared, name: 'memory', include: memory, fileParallelism: false, sequence: { groupOrder: 2 } } },
    ],
  },
});
