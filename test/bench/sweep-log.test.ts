import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunLog, readRuns } from '../../dist/bench/sweep/run-log.js';
import { type ChildResult, runChild, runScript, scriptPath } from '../support/child.js';
import { withDirectory } from '../support/directories.js';
import { sweptRecords } from '../support/swept.js';
import { canMount, withSmallDisk } from '../support/tmpfs.js';

const { runs } = sweptRecords({ schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], workers: 1, repeats: 5 });
const lines = runs.map((run) => `${JSON.stringify(run)}\n`);

test('of a log that was cut off anywhere, every whole line is kept and the next one follows it', async () => {
  await withDirectory(async (directory) => {
    const path = join(directory, 'runs.jsonl');
    const [first, second] = lines as [string, string];
    for (const cut of [0, 1, first.length - 1, first.length, first.length + 1, first.length + second.length - 1]) {
      writeFileSync(path, (first + second).slice(0, cut));
      const { records: kept, bytes } = readRuns(path);
      expect(kept).toEqual(runs.slice(0, cut < first.length ? 0 : 1));
      const log = new RunLog(path, bytes);
      for (const run of runs.slice(kept.length)) log.append(run);
      log.close();
      expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    }
  });
});

test('a line in its midst that is no run is told, with its place', async () => {
  await withDirectory(async (directory) => {
    const path = join(directory, 'runs.jsonl');
    writeFileSync(path, `${lines[0]}{"schema":"blockstm.sweep-run/1",\n${lines[1]}`);
    expect(() => readRuns(path)).toThrow(`${path}:2: not a run of a sweep: `);
    writeFileSync(path, lines[0] as string);
    appendFileSync(path, '{}\n');
    expect(() => readRuns(path)).toThrow(`${path}:2: not a run of a sweep: expected the schema "blockstm.sweep-run/1"`);
  });
});

/** A log that has no more room has every line that was appended, and says why it takes no more. Returns how many. */
function checkFull({ code, stdout, stderr }: ChildResult, directory: string): number {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { appended, error } = JSON.parse(stdout);
  expect(error).toMatchObject({
    name: 'SweepError',
    code: 'ERR_SWEEP_FULL',
    message: expect.stringContaining(directory),
  });
  expect(appended).toBeGreaterThan(3);
  expect(readRuns(join(directory, 'runs.jsonl')).records).toHaveLength(appended);
  return appended;
}

test.skipIf(process.platform === 'win32')('files must not be larger than some size', async () => {
  await withDirectory(async (directory) => {
    const limited = (blocks: number): Promise<ChildResult> => {
      const argument = JSON.stringify({ directory, run: runs[0] });
      const script = `ulimit -f ${blocks}; exec "$0" "$@"`;
      return runChild('sh', ['-c', script, process.execPath, scriptPath('filling-log.js'), argument]);
    };
    // Blocks of 512 bytes; and again, with a little more room.
    const first = checkFull(await limited(31), directory);
    expect(checkFull(await limited(47), directory)).toBeGreaterThan(first);
  });
});

test.skipIf(!canMount())('the disk is full', async () => {
  await withSmallDisk(32, async (disk) => {
    const filled = (): Promise<ChildResult> => runScript('filling-log.js', { directory: disk, run: runs[0] });
    const first = checkFull(await filled(), disk);
    expect(checkFull(await filled(), disk)).toBe(first);
  });
});
