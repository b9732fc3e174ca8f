import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDirectory } from '../support/directories.js';
import { blockstm } from './command.js';

const drawn = ['explore', 'a a=; a a=', '--record'];

test.each([
  ['--out', 'nowhere/schedule.json', "ENOENT: no such file or directory, stat 'nowhere'"],
  ['--record', 'nowhere/schedule.json', "ENOENT: no such file or directory, stat 'nowhere'"],
  ['--out', '.', 'it is a directory'],
])('%s %s is refused before anything is searched', (option, path, why) =>
  withDirectory(async (directory) => {
    const { code, stdout, stderr } = await blockstm(directory, 'explore', 'a a=; a a=; a a=; a a=', option, path);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: cannot write ${path}: ${why}\n`,
    });
  }),
);

test('where the disk is full, the schedule is said, and can be replayed', () =>
  withDirectory(async (directory) => {
    await blockstm(directory, ...drawn, 'schedule.json', '--seed', '3');
    await symlink('/dev/full', join(directory, 'full.json'));
    const { code, stdout, stderr } = await blockstm(directory, ...drawn, 'full.json', '--seed', '3');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [why, what, schedule] = stderr.split('\n');
    expect(why).toMatch(/^error: cannot write full\.json: ENOSPC/);
    expect(what).toBe('the schedule:');
    expect(`${schedule}\n`).toBe(await readFile(join(directory, 'schedule.json'), 'utf8'));
  }));

test('what is counted is said: states, steps from one to another, and where workers have left; of schedules that are drawn, accesses', async () => {
  const told = async (...args: readonly string[]): Promise<string[]> => {
    const { stdout } = await blockstm(process.cwd(), 'explore', 'a=1', ...args);
    return stdout.replaceAll(/\d[\d,.]*(?<!,)( × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/g, 'N').split('\n');
  };
  expect(await told()).toEqual([
    'N schedules, through N states and N steps from one to another, N s',
    'all workers have left in N of these states; the longest schedule has N steps; workers conflict on N words of shared memory',
    'a step is what a worker does from one access at which workers may conflict to the next',
    'all schedules end as sequentially',
    '',
  ]);
  expect(await told('--random', '3')).toEqual([
    'N schedules drawn, with N accesses to shared memory, N s',
    'the longest has N accesses; workers conflict on N words of shared memory',
    'each ended as sequentially',
    '',
  ]);
  expect((await told('--max-states', '5')).at(-2)).toMatch(/^NOT all schedules: stopped at --max-states, /);
});
