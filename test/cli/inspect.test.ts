import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime, memoryStore } from '../../dist/host/index.js';
import { withDirectory } from '../support/directories.js';
import { startedInterface, startedWasm } from '../support/initialized.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { blockstm, type Finished } from './command.js';

const wasm = startedWasm(startedInterface('start'));

test('the gas of the init method is that of the arguments that are supposed, which the output names', () =>
  withDirectory(async (directory) => {
    await writeFile(join(directory, 'started.wasm'), wasm);
    await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store: memoryStore() });
    const { receipt } = await runtime.deploy(wasm, { init: { args: { amount: 5 } } });
    const inspect = (...args: readonly string[]): Promise<Finished> =>
      blockstm(directory, 'inspect', 'started.wasm', ...args);
    const gasOf = async (...args: readonly string[]) => /^gas +(.*);/m.exec((await inspect(...args)).stdout)?.[1];
    expect(await gasOf()).toBe('start takes arguments: --init shows what it uses');
    const gas = receipt?.gasUsed.toLocaleString('en');
    expect(await gasOf('--init', 'amount=5')).toBe(`${gas} for start(amount=5) by the address of all zeros`);
    expect(await gasOf('--init', 'amount=0', '--sender', 'alice')).toMatch(
      /^[0-9,]+ for start\(amount=0\) by alice, which ends reverted: none$/,
    );
    expect(JSON.parse((await inspect('--init', 'amount=5', '--json')).stdout)).toMatchObject({
      gas: { init: receipt?.gasUsed },
      init: { method: 'start', args: ['amount=5'], sender: null, status: 'ok', error: null },
    });
    const refused: [string[], string][] = [
      [['--init', 'amont=5'], 'amont: unknown name, expected amount (did you mean amount?)'],
      [['--init'], 'amount: expected a whole number'],
    ];
    for (const [args, message] of refused) {
      const { code, stdout, stderr } = await inspect(...args);
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
      expect(stderr).toContain(`error: ${message}`);
    }
  }));

test('a contract without an init method has no gas of it, and takes no arguments', () =>
  withDirectory(async (directory) => {
    await writeFile(join(directory, 'token.wasm'), await contractWasm('token'));
    const { stdout } = await blockstm(directory, 'inspect', 'token.wasm', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ gas: { init: null }, init: null });
    const { code, stderr } = await blockstm(directory, 'inspect', 'token.wasm', '--init', 'a=1');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: --init: the contract has no init method\n' });
  }));
