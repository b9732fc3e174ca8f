import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type BlockExport, resolveOptions, resolveSweep, runBenchmark, runSweep } from '../../dist/bench/index.js';
import { readSweep } from '../../dist/bench/sweep/sweep-directory.js';
import { withDirectory } from '../support/directories.js';
import { blockstm } from './command.js';

const main = fileURLToPath(new URL('../../dist/host/cli/main.js', import.meta.url));
const SMALL = ['--workload', 'p2p', '--accounts', '5', '--block-size', '20'];

async function exported(directory: string, ...args: readonly string[]): Promise<BlockExport> {
  const { code, stdout, stderr } = await blockstm(directory, 'bench', 'export', ...args, '--out', 'out', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(readFileSync(join(directory, 'out', 'block.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  return JSON.parse(stdout);
}

/** Run a command that was printed, as it was written, in the directory it is for. */
async function run(directory: string, line: string, ...more: readonly string[]): Promise<string> {
  const [command, ...args] = line.split(' ');
  expect(command).toBe('blockstm');
  const { code, stdout, stderr } = await blockstm(join(directory, 'out'), ...args, ...more);
  expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  return stdout;
}

test('a block of a sweep is exported with the hash in its manifest; the commands run and explain it, as often as one likes', async () => {
  await withDirectory(async (directory) => {
    const params = { keys: 1 };
    const sweep = { blockSize: 50, warmUp: 100, workers: 1, blocks: 2, repeats: 1, seeds: 7 };
    const workloads = [{ workload: 'hotspot', params }];
    const path = join(directory, 'sweep');
    await runSweep(resolveSweep({ schema: 'blockstm.sweep/1', workloads, ...sweep }), path);
    const { manifest, runs } = readSweep(path);
    const [hashes] = manifest.blocks;
    expect(hashes?.firstBlock).toBe(3);

    const args = ['--workload', 'hotspot', '--keys', '1', '--block-size', '50', '--seed', '7', '--block', '4'];
    const { sha256, files, commands, ...which } = await exported(directory, ...args);
    expect(which).toMatchObject({ workload: 'hotspot', params: { keys: 1 }, blockSize: 50, seed: 7, block: 4 });
    expect(which.callsBefore).toBe(4 * 50);
    expect(sha256).toBe(hashes?.sha256[1]);
    expect(sha256).toBe(
      createHash('sha256')
        .update(readFileSync(join(directory, 'out', 'block.jsonl')))
        .digest('hex'),
    );
    expect(readdirSync(join(directory, 'out')).toSorted()).toEqual([...files, 'block.json'].toSorted());

    for (const line of commands.before) await run(directory, line);
    for (const executor of ['block-stm', 'sequential']) {
      const summary = JSON.parse(await run(directory, commands.run, '--executor', executor, '--verify', '--json'));
      // The sweep has compared it with the sequential one, after its last block, which is this one.
      expect(summary).toMatchObject({ stateHash: runs[0]?.report.stateHash, verified: true, head: null });
      expect(summary.statistics.longestChain).toBe(50);
      const { traceEvents } = JSON.parse(readFileSync(join(directory, 'out', 'trace.json'), 'utf8'));
      const executions = traceEvents.filter(({ cat }: { cat: string }) => cat === 'execution');
      expect(executions).toHaveLength(summary.executions);
      expect(readFileSync(join(directory, 'out', 'graph.dot'), 'utf8')).toContain('call 49 (cells.add)');
    }
    expect(await run(directory, commands.explain)).toContain('written by call 48 (cells.add)');
  });
});

test.each([
  ['mainnet, whose contracts are many', 'mainnet', {}],
  ['auction, a contract of which is initialised', 'auction', { users: 5, auctions: 2, coins: 2 }],
  ['chain, with nothing ahead of its first block', 'chain', {}],
] as const)('%s', async (_, workload, params) => {
  await withDirectory(async (directory) => {
    const block = workload === 'chain' ? 0 : 1;
    const options = Object.entries(params).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const size = ['--block-size', '40', '--block', String(block)];
    const { commands } = await exported(directory, '--workload', workload, ...options, ...size);
    expect(commands.before).toHaveLength(block);
    for (const line of commands.before) await run(directory, line);
    const summary = JSON.parse(await run(directory, commands.run, '--verify', '--json'));
    const asked = { workload, params, blockSize: 40, executor: 'sequential', warmUp: 0, repeats: block + 1 } as const;
    const resolved = resolveOptions(asked);
    const { stateHash } = await runBenchmark(resolved.workload, resolved.settings);
    expect(summary).toMatchObject({ stateHash, verified: true, statuses: { invalid: 0 } });
    expect(await run(directory, commands.explain)).toMatch(/^Call 39 \(.*\) ended ok, used \d+ gas and was executed /);
    expect(existsSync(join(directory, 'out', 'chain'))).toBe(block > 0);
  });
});

test('is told for a person, and gives the same bytes again', async () => {
  await withDirectory(async (directory) => {
    const args = ['bench', 'export', ...SMALL, '--block', '2', '--out', 'deep/out'];
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "block 2 of p2p accounts=5 block-size=20 seed=1

      directory  deep/out
      block      20 calls, after 45 others
      SHA-256    0ec757e2eccf04cc5420cb6b091709a5c880c0e02a866fe04788c6132017c6c5
      files      block.jsonl, genesis.json, token.wasm, before-0001.jsonl, block.json

      In that directory, in this order; "run block.jsonl" and "explain" as often as you like:
        blockstm run before-0001.jsonl --genesis genesis.json --state chain --executor sequential
        blockstm run block.jsonl --state chain --dry-run --stats --trace trace.json --graph graph.dot
        blockstm explain block.jsonl --state chain --call 19
      "
    `);
    const out = join(directory, 'deep', 'out');
    const read = () => readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]);
    const before = read();
    writeFileSync(join(out, 'block.jsonl'), '{}\n');
    expect((await blockstm(directory, ...args)).stdout).toBe(stdout);
    expect(read()).toEqual(before);
  });
});

test('a directory with anything else is left as it is, and so is what stands in the way', async () => {
  await withDirectory(async (directory) => {
    const refused = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await blockstm(directory, 'bench', 'export', ...SMALL, ...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };
    await exported(directory, ...SMALL);
    expect(await refused('--block', '1', '--out', 'out')).toBe(
      'error (ERR_SWEEP_OTHER): out has block 0 of p2p accounts=5 block-size=20 seed=1, and not block 1 of p2p accounts=5 block-size=20 seed=1: choose another directory\n',
    );
    rmSync(join(directory, 'out', 'block.json'));
    const names = readdirSync(join(directory, 'out'));
    expect(await refused('--out', 'out')).toMatch(
      /^error \(ERR_SWEEP_OTHER\): out has other files \(.*\): choose another directory\n$/,
    );
    expect(readdirSync(join(directory, 'out'))).toEqual(names);
    writeFileSync(join(directory, 'file'), 'mine');
    expect(await refused('--out', 'file')).toMatch(/^error \(ERR_SWEEP\): cannot write to file: EEXIST/);
    expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('mine');
    expect(await refused('--out', 'new', '--block', '2000')).toBe(
      'error (ERR_OPTION): --block: expected a whole number from 0 to 1,999, found 2000\n',
    );
    expect(await refused('--out', 'new', '--keys', '3')).toContain('the workload p2p has no such parameter');
    expect(readdirSync(directory).toSorted()).toEqual(['file', 'out']);
  });
});

test.skipIf(process.platform === 'win32')('where there is no room for all files there are none', async () => {
  await withDirectory(async (directory) => {
    // Blocks of 512 bytes: enough for the block and not for the calls before it.
    const script = 'ulimit -f 40; exec "$0" "$@"';
    const args = ['-c', script, process.execPath, main, 'bench', 'export', ...SMALL, '--block', '9', '--out', 'a/b'];
    const failed = promisify(execFile)('sh', args, { cwd: directory });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: 'error (ERR_SWEEP_FULL): cannot write to a/b: files must not be larger here\n',
    });
    expect(readdirSync(directory)).toEqual([]);
  });
});
