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
