import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type CostTable, readCosts, resolveSimulation, runSimulation } from '../../dist/bench/index.js';
import { blockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';
import { schemaProblem } from '../support/schemas.js';

/** On a busy machine a measurement may say that it is one: then it is made again, as it says. */
const MOST_TIMES = 5;

test('the command writes a table that simulate takes, and names what it did not measure', async () => {
  await withDirectory(async (directory) => {
    const file = `${directory}/costs.json`;
    const small = ['--workload', 'p2p', '--block-size', '5000', '--repeats', '5', '--out', 'costs.json'];
    let run = await blockstm(directory, 'simulate', 'measure', ...small);
    for (let times = 1; times < MOST_TIMES && run.code !== 0; times++) {
      expect(run.stderr).toMatch(/: measured .*: the machine was too busy, measure again/);
      await expect(readFile(file)).rejects.toThrow('ENOENT');
      run = await blockstm(directory, 'simulate', 'measure', ...small);
    }
    // A line for each part that is done.
    const parts = run.stderr.trimEnd().split('\n');
    expect(parts.map((line, part) => line.startsWith(`${part + 1} of ${parts.length}, `))).not.toContain(false);
    expect({ code: run.code, parts: parts.length }).toEqual({ code: 0, parts: 14 });
    const table = JSON.parse(await readFile(file, 'utf8')) as CostTable;
    expect(schemaProblem(table)).toBeUndefined();
    // On a busy machine two threads may not meet: then it says that of the steps, too.
    expect(table.assumed.slice(0, 3)).toEqual(['jitter', 'threads.change', 'threads.slice']);
    expect(run.stdout).toMatch(/^jitter +0\.4 +not measured$/m);
    expect(run.stdout).toMatch(/Load when it began: \d+\.\d\d, which should be next to none\.$/m);
    expect(Object.keys(table.methods)).toEqual(['token.transfer']);
    const { nanosPerGas, methods, steps, threads, host } = table;
    // What a worker takes beyond sequential execution may be less than the noise.
    const { execute: _, ...ofSteps } = steps;
    const all = { nanosPerGas, ...methods, ...ofSteps, ...threads, ...host };
    for (const [name, nanos] of Object.entries(all)) expect(nanos, name).toBeGreaterThan(0);
    expect(steps.unwind).toBeGreaterThan(steps.poll);
    expect(readCosts(file)).toEqual(table);
    const asked = {
      workload: 'p2p',
      params: { accounts: 20 },
      blockSize: 100,
      repeats: 1,
      workers: 4,
      costTable: file,
    };
    const { workload, settings } = resolveSimulation(asked);
    expect(await runSimulation(workload, settings)).toMatchObject({
      statesEqual: true,
      simulation: { costs: table.machine },
    });
  });
});
