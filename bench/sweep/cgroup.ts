import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The control groups of Linux that this process is in, and the limits that hold for it: of each the least on the way from its group up to the root, since a group has no more than those above it. */
export interface Cgroup {
  /** Of the hierarchy that limits the time of processors: 1 has one for each controller, 2 one for all. Where none says it, of that which says which processors, or else of that which says how much memory. */
  readonly version: 1 | 2;
  /** In that hierarchy. */
  readonly path: string;
  /** Microseconds of each period, or `max`; and the period in microseconds. As `cpu.max` of version 2 says it, also where version 1 does. Null where no file says it, or there is no such controller; so below. */
  readonly cpuMax: string | null;
  /** Bytes, or `max`. */
  readonly memoryMax: string | null;
  /** The processors that it may run on: `0-3,6`. */
  readonly cpuset: string | null;
}

/** Where Linux tells of control groups. */
export interface CgroupRoots {
  /** The groups of this process. */
  readonly groups: string;
  /** Where the hierarchies are mounted. */
  readonly mounts: string;
}

const ROOTS: CgroupRoots = { groups: '/proc/self/cgroup', mounts: '/sys/fs/cgroup' };
/** What version 1 says in place of `max` is the largest number of whole pages: of 4 KiB or more, less than 2^63 by that. */
const NO_LIMIT_BYTES = 2 ** 62;

/** Null where the system has no control groups, or none of the three controllers. */
export function readCgroup({ groups, mounts }: CgroupRoots = ROOTS): Cgroup | null {
  const lines = contentOf(groups)?.split('\n') ?? [];
  const [cpu, memory, cpuset] = ['cpu', 'memory', 'cpuset'].map((name) => hierarchyOf(name, lines, mounts));
  const cpuMax = leastOf(cpu, { 1: cpuQuota, 2: limitIn('cpu.max') }, quotaCores);
  const memoryMax = leastOf(memory, { 1: memoryLimit, 2: limitIn('memory.max') }, limitBytes);
  const cpusetCpus = leastOf(cpuset, { 1: limitIn('cpuset.cpus'), 2: limitIn('cpuset.cpus.effective') }, cpusetCores);
  // A machine with both versions has a group of version 2 for whichever controller version 1 has not, also where no file says anything of it.
  const saying = (cpuMax !== null && cpu) || (cpusetCpus !== null && cpuset) || (memoryMax !== null && memory);
  const told = saying || (cpu ?? cpuset ?? memory);
  if (told === undefined) return null;
  return { version: told.version, path: told.path, cpuMax, memoryMax, cpuset: cpusetCpus };
}

/** How many cores' worth of time, and how many cores, a group may use; infinite where nothing limits it. */
export function cgroupCores({ cpuMax, cpuset }: Pick<Cgroup, 'cpuMax' | 'cpuset'>): number {
  return Math.min(
    cpuMax === null ? Number.POSITIVE_INFINITY : quotaCores(cpuMax),
    cpuset === null ? Number.POSITIVE_INFINITY : cpusetCores(cpuset),
  );
}

interface Hierarchy {
  readonly version: 1 | 2;
  readonly path: string;
  /** Of the group and of each above it, the nearest first. */
  readonly directories: readonly string[];
}

/** The one that a controller is in: of version 1 where there is one with its name, else the one of version 2. */
function hierarchyOf(controller: string, lines: readonly string[], mounts: string): Hierarchy | undefined {
  const groups = lines.map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line)?.slice(1) ?? []);
  const own = groups.find(([names]) => names?.split(',').includes(controller));
  if (own !== undefined) {
    const [names, path] = own as [string, string];
    // Controllers that share a hierarchy share its folder, which may have the names of all, and links to it those of each.
    const root = [controller, names].map((name) => join(mounts, name)).find((folder) => existsSync(folder));
    return { version: 1, path, directories: root === undefined ? [] : upwards(root, path) };
  }
  const path = groups.find(([names]) => names === '')?.[1];
  if (path === undefined) return undefined;
  const hybrid = join(mounts, 'unified');
  return { version: 2, path, directories: upwards(existsSync(hybrid) ? hybrid : mounts, path) };
}

/** In a container the root may be its own group, and the path one that the machine knows: what does not exist says nothing. A path that leads out of the root has only that. */
function upwards(root: string, path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  if (names.includes('..')) return [root];
  return Array.from({ length: names.length + 1 }, (_, above) => join(root, ...names.slice(0, names.length - above)));
}

/** The first of the least, in the words of its file; null where no file says anything. `limits`: what a directory says, by the version. */
function leastOf(
  hierarchy: Hierarchy | undefined,
  limits: Readonly<Record<1 | 2, (directory: string) => string | null>>,
  amountOf: (text: string) => number,
): string | null {
  if (hierarchy === undefined) return null;
  const found = hierarchy.directories.map(limits[hierarchy.version]);
  return found
    .filter((text) => text !== null && text !== '')
    .reduce((best, text) => (best === null || amountOf(text as string) < amountOf(best) ? text : best), null);
}

function limitIn(name: string): (directory: string) => string | null {
  return (directory) => contentOf(join(directory, name))?.split('\n')[0]?.trim() ?? null;
}

/** In the words of version 2. */
function cpuQuota(directory: string): string | null {
  const [quota, period] = [limitIn('cpu.cfs_quota_us')(directory), limitIn('cpu.cfs_period_us')(directory)];
  if (quota === null || period === null) return null;
  return `${Number(quota) < 0 ? 'max' : quota} ${period}`;
}

function memoryLimit(directory: string): string | null {
  const bytes = limitIn('memory.limit_in_bytes')(directory);
  return bytes !== null && Number(bytes) >= NO_LIMIT_BYTES ? 'max' : bytes;
}

/** Cores' worth of time. */
function quotaCores(cpuMax: string): number {
  const [micros, period] = cpuMax.split(' ').map(Number);
  return Number.isFinite(micros) && period !== undefined && period > 0
    ? (micros as number) / period
    : Number.POSITIVE_INFINITY;
}

function limitBytes(memoryMax: string): number {
  return memoryMax === 'max' ? Number.POSITIVE_INFINITY : Number(memoryMax);
}

/** How many processors a list has: `0-3,6` five. */
function cpusetCores(list: string): number {
  return list
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((count, [first = 0, last = first]) => count + last - first + 1, 0);
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
