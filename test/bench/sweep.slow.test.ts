import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { BlockCommands } from '../../dist/bench/index.js';
import { readSweep } from '../../dist/bench/sweep/sweep-directory.js';
import { blockstmProcess, tamperedBlockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';
import { Random } from '../support/random.js';

const command = fileURLToPath(new URL('../../dist/host/cli/main.js', import.meta.url));
const spec = {
  schema: 'blockstm.sweep/1',
  workloads: [
    { workload: 'p2p', params: { accounts: [2, 50] } },
    { workload: 'counter', params: { accounts: 50 } },
  ],
  blockSize: 100,
  workers: [1, 2],
  blocks: 2,
  repeats: 2,
  warmUp: 300,
};
const ARGS = ['bench', 'sweep', 'spec.json', '--out', 'out'];
const RUNS = 3 * 2 * 2;

/** Run the sweep, and end it so many milliseconds after so many runs of it are finished: on no machine can it be done at once. */
function endedAfter(directory: string, runs: number, milliseconds: number, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [command, ...ARGS], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if ((stderr.match(/^\d+ of .* left: /gm) ?? []).length < runs) return;
    timer ??= setTimeout(() => child.kill(signal), milliseconds);
  };
  child.stderr.on('data', (text) => {
    stderr += text;
    look();
  });
  look();
  return new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stderr });
    }),
  );
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'ended by %s again and again, a sweep has every run once in the end',
  async (signal) => {
    const seed = Date.now();
    const random = new Random(seed);
    await withDirectory(async (directory) => {
      writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
      const log = join(directory, 'out', 'runs.jsonl');
      let before = '';
      let ended = 0;
      for (;;) {
        const { code, stderr } = await endedAfter(directory, random.below(3), random.below(500), signal);
        const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
        const whole = text.slice(0, text.lastIndexOf('\n') + 1);
        expect(whole.startsWith(before), `seed ${seed}`).toBe(true);
        before = whole;
        if (code === 0) break;
        ended++;
        // Node itself may have been starting.
        if (code === 130) expect(stderr, `seed ${seed}`).toMatch(/^error .*interrupted/m);
        else expect(stderr, `seed ${seed}`).not.toMatch(/^error/m);
      }
      expect(ended, `seed ${seed}`).toBeGreaterThan(2);
      const { runs } = readSweep(join(directory, 'out'));
      expect(runs).toHaveLength(RUNS);
      expect(JSON.parse(readFileSync(join(directory, 'out', 'summary.json'), 'utf8'))).toMatchObject({
        complete: true,
      });
    });
  },
);

test('the block of a mismatch is executed again by the commands that are saved with it', async () => {
  await withDirectory(async (directory) => {
    writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
    const { code, stderr } = await tamperedBlockstm('writeSet', directory, ...ARGS);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error: .*, seed 1: differs from sequential: block 3: write set, .*\. The sweep has stopped and does not go on; the block, the seed and what is known of the schedule are in /,
    );
    const saved = join(directory, 'out', 'mismatch');
    const { commands } = JSON.parse(readFileSync(join(saved, 'mismatch.json'), 'utf8')) as { commands: BlockCommands };
    expect(commands.before).toHaveLength(1);
    for (const line of [...commands.before, commands.run, commands.explain]) {
      const finished = await blockstmProcess(saved, ...line.split(' ').slice(1));
      expect({ line, code: finished.code, stderr: finished.stderr }).toEqual({ line, code: 0, stderr: '' });
      if (line.includes('--verify')) expect(finished.stdout).toMatch(/^verified +every receipt, /m);
    }
  });
});
