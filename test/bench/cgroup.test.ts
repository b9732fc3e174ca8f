// The limits of control groups, over trees of files as Linux has them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cgroup, cgroupCores, readCgroup } from '../../dist/bench/sweep/cgroup.js';
import { withDirectory } from '../support/directories.js';

/** What is found where /proc/self/cgroup has these lines, and /sys/fs/cgroup these files. */
function found(groups: readonly string[], files: Readonly<Record<string, string>>): Promise<Cgroup | null> {
  return withDirectory(async (directory) => {
    const roots = { groups: join(directory, 'self'), mounts: join(directory, 'mounts') };
    mkdirSync(roots.mounts);
    writeFileSync(roots.groups, groups.map((line) => `${line}\n`).join(''));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(roots.mounts, name)), { recursive: true });
      writeFileSync(join(roots.mounts, name), `${content}\n`);
    }
    return readCgroup(roots);
  });
}

describe('version 2', () => {
  test('its own limits, where nothing above it has less', async () => {
    const files = {
      'a/cpu.max': 'max 100000',
      'a/memory.max': 'max',
      'a/b/cpu.max': '150000 100000',
      'a/b/memory.max': '1000',
      'a/b/cpuset.cpus.effective': '0-3,6',
      'cpuset.cpus.effective': '0-7',
    };
    const cgroup = (await found(['0::/a/b'], files)) as Cgroup;
    const limits = { cpuMax: '150000 100000', memoryMax: '1000', cpuset: '0-3,6' };
    expect(cgroup).toEqual({ version: 2, path: '/a/b', ...limits });
    expect(cgroupCores(cgroup)).toBe(1.5);
    expect(cgroupCores({ ...cgroup, cpuMax: 'max 100000' })).toBe(5);
  });

  test('limits of a group above it that are less; quotas are compared by their periods', async () => {
    const files = {
      'cpu.max': '1000000 100000',
      'a/cpu.max': '150000 100000',
      'a/memory.max': '999',
      'a/b/memory.max': '1000',
      'a/b/cpuset.cpus.effective': '0-3',
      'a/cpuset.cpus.effective': '1,3',
      // More microseconds, of a shorter period: two cores.
      'a/b/c/cpu.max': '100000 50000',
      'a/b/c/memory.max': 'max',
    };
    expect(await found(['0::/a/b/c'], files)).toEqual({
      version: 2,
      path: '/a/b/c',
      cpuMax: '150000 100000',
      memoryMax: '999',
      cpuset: '1,3',
    });
  });

  test('without a limit it says so, and without a file that nothing is known', async () => {
    const cgroup = await found(['0::/a'], { 'a/cpu.max': 'max 100000', 'a/memory.max': 'max', 'a/other': '1' });
    expect(cgroup).toEqual({ version: 2, path: '/a', cpuMax: 'max 100000', memoryMax: 'max', cpuset: null });
    expect(cgroupCores(cgroup as Cgroup)).toBe(Number.POSITIVE_INFINITY);
    // The controller is not enabled for this group: its file has nothing in it.
    expect(await found(['0::/'], { 'cpuset.cpus.effective': '' })).toMatchObject({ cpuMax: null, cpuset: null });
  });

  test('a container whose root is its own group: a path that is not there, or leads out of it, is passed over', async () => {
    const files = {
      'cpu.max': '50000 100000',
      'memory.max': '7',
      '../cpu.max': '1 100000',
      '../x/cpu.max': '1 100000',
    };
    for (const path of ['/', '/machine/container', '/../x']) {
      expect(await found([`0::${path}`], files)).toMatchObject({ path, cpuMax: '50000 100000', memoryMax: '7' });
    }
  });
});

describe('version 1', () => {
  const groups = ['4:memory:/m/n', '3:cpuset:/s', '2:cpu,cpuacct:/a/b', '1:name=systemd:/user:1', '0::/'];

  test('each controller in a hierarchy of its own, the least on the way up, in the words of version 2', async () => {
    const files = {
      'cpu,cpuacct/a/b/cpu.cfs_quota_us': '-1',
      'cpu,cpuacct/a/b/cpu.cfs_period_us': '100000',
      'cpu,cpuacct/a/cpu.cfs_quota_us': '250000',
      'cpu,cpuacct/a/cpu.cfs_period_us': '100000',
      'memory/m/n/memory.limit_in_bytes': '9223372036854771712',
      'memory/m/memory.limit_in_bytes': '2147483648',
      'memory/memory.limit_in_bytes': '9223372036854771712',
      'cpuset/s/cpuset.cpus': '0-1',
      'cpuset/cpuset.cpus': '0-7',
      // A machine with both versions: its controllers are those of version 1.
      'unified/cpu.max': '1 100000',
      'cpu.max': '1 100000',
    };
    const cgroup = (await found(groups, files)) as Cgroup;
    const limits = { cpuMax: '250000 100000', memoryMax: '2147483648', cpuset: '0-1' };
    expect(cgroup).toEqual({ version: 1, path: '/a/b', ...limits });
    expect(cgroupCores(cgroup)).toBe(2);
  });

  test('without a limit; and a controller that only version 2 has', async () => {
    const files = {
      'cpu/cpu.cfs_quota_us': '-1',
      'cpu/cpu.cfs_period_us': '100000',
      'unified/c/memory.max': '4096',
      'memory/memory.limit_in_bytes': '1',
    };
    expect(await found(['1:cpu:/', '0::/c'], files)).toEqual({
      version: 1,
      path: '/',
      cpuMax: 'max 100000',
      memoryMax: '4096',
      cpuset: null,
    });
    const unlimited = { 'memory/memory.limit_in_bytes': '9223372036854771712' };
    expect(await found(groups, unlimited)).toMatchObject({ cpuMax: null, memoryMax: 'max' });
  });
});

test('a system without control groups', async () => {
  expect(readCgroup({ groups: '/none/self', mounts: '/none/mounts' })).toBeNull();
  expect(await found([], {})).toBeNull();
});

describe('a controller that there is not', () => {
  const told = {
    'cpu/c/cpu.cfs_quota_us': '150000',
    'cpu/c/cpu.cfs_period_us': '100000',
    'memory/m/memory.limit_in_bytes': '4096',
    'cpuset/s/cpuset.cpus': '0-2',
    'unified/v/memory.max': '8192',
  };
  const none = { version: 1, cpuMax: null, memoryMax: null, cpuset: null };
  test.each([
    ['cpu', ['2:memory:/m', '1:cpuset:/s'], { path: '/s', memoryMax: '4096', cpuset: '0-2' }, 3],
    ['memory', ['2:cpu:/c', '1:cpuset:/s'], { path: '/c', cpuMax: '150000 100000', cpuset: '0-2' }, 1.5],
    ['cpuset', ['2:cpu:/c', '1:memory:/m'], { path: '/c', cpuMax: '150000 100000', memoryMax: '4096' }, 1.5],
    ['cpu and cpuset', ['1:memory:/m'], { path: '/m', memoryMax: '4096' }, Number.POSITIVE_INFINITY],
    ['cpu and memory', ['1:cpuset:/s'], { path: '/s', cpuset: '0-2' }, 3],
    // Version 2 has a group for those that version 1 has not, and no file of them.
    [
      'cpu, beside version 2,',
      ['2:memory:/m', '1:cpuset:/s', '0::/u'],
      { path: '/s', memoryMax: '4096', cpuset: '0-2' },
      3,
    ],
    [
      'cpu and cpuset, beside version 2,',
      ['1:memory:/m', '0::/u'],
      { path: '/m', memoryMax: '4096' },
      Number.POSITIVE_INFINITY,
    ],
    ['any file,', ['1:memory:/none', '0::/u'], { version: 2, path: '/u' }, Number.POSITIVE_INFINITY],
    [
      'files of version 1,',
      ['1:cpu:/none', '0::/v'],
      { version: 2, path: '/v', memoryMax: '8192' },
      Number.POSITIVE_INFINITY,
    ],
  ])('without %s there is what the others say', async (_, lines, limits, cores) => {
    const cgroup = (await found(lines, told)) as Cgroup;
    expect(cgroup).toEqual({ ...none, ...limits });
    expect(cgroupCores(cgroup)).toBe(cores);
  });

  test('without any of them there is nothing', async () => {
    expect(await found(['1:name=systemd:/user', '2:pids:/p'], told)).toBeNull();
  });
});
