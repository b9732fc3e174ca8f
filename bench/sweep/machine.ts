import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, version } from 'node:os';
import { type Cgroup, cgroupCores, readCgroup } from './cgroup.js';

/** What a measurement depends on besides the program. What a system does not tell is null. */
export interface Machine {
  readonly cpu: string;
  /** Of the machine. */
  readonly cpus: number;
  /** That a process may use at once: by its affinity, and by the processors and the quota of its cgroup, rounded down, and one at least. */
  readonly cores: number;
  /** How Linux chooses the clock rate of the first core: `performance`, `powersave`. */
  readonly governor: string | null;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly platform: string;
  readonly arch: string;
  /** Of Linux. */
  readonly cgroup: Cgroup | null;
  /** Over the last minute. */
  readonly load: number;
}

export function machine(): Machine {
  const cores = cpus();
  const cgroup = readCgroup();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cpus: cores.length,
    cores: Math.max(
      1,
      Math.min(availableParallelism(), Math.floor(cgroup === null ? Number.POSITIVE_INFINITY : cgroupCores(cgroup))),
    ),
    governor: firstLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    memoryBytes: totalmem(),
    kernel: `${release()} ${version()}`,
    platform: process.platform,
    arch: process.arch,
    cgroup,
    load: loadavg()[0] as number,
  };
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] as string;
  } catch {
    return null;
  }
}
