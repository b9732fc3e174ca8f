import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, version } from 'node:os';
import { join } from 'node:path';

/** What a measurement depends on besides the program. What a system does not tell is null. */
export interface Machine {
  readonly cpu: string;
  /** Of the machine. */
  readonly cpus: number;
  /** That a process may use at once: by its affinity and the quota of its cgroup, rounded down, and one at least. */
  readonly cores: number;
  /** How Linux chooses the clock rate of the first core: `performance`, `powersave`. */
  readonly governor: string | null;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly platform: string;
  readonly arch: string;
  /** Of Linux, version 2: as its files say it. */
  readonly cgroup: { readonly path: string; readonly cpuMax: string | null; readonly memoryMax: string | null } | null;
  /** Over the last minute, when the sweep began. */
  readonly load: number;
}

export function machine(): Machine {
  const cores = cpus();
  const cgroup = readCgroup();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cpus: cores.length,
    cores: Math.max(1, Math.min(availableParallelism(), Math.floor(quota(cgroup?.cpuMax ?? null)))),
    governor: firstLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    memoryBytes: totalmem(),
    kernel: `${release()} ${version()}`,
    platform: process.platform,
    arch: process.arch,
    cgroup,
    load: loadavg()[0] as number,
  };
}

function readCgroup(): Machine['cgroup'] {
  const path = /^0::(.*)$/.exec(firstLine('/proc/self/cgroup') ?? '')?.[1];
  if (path === undefined) return null;
  const file = (name: string): string | null => firstLine(join('/sys/fs/cgroup', path, name));
  return { path, cpuMax: file('cpu.max'), memoryMax: file('memory.max') };
}

/** Cores' worth of time: `cpu.max` has microseconds of it, or `max`, and the period that they are of. */
function quota(cpuMax: string | null): number {
  const [micros, period] = (cpuMax ?? 'max').split(' ').map(Number);
  return Number.isFinite(micros) && period !== undefined && period > 0
    ? (micros as number) / period
    : Number.POSITIVE_INFINITY;
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] as string;
  } catch {
    return null;
  }
}
