import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process something was, also after a restart of its container or machine, when another one may have its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own ticks; null where the system does not tell. */
  readonly started: string | null;
  /** The name of the machine or container. */
  readonly host: string;
  /** Another one each time that the machine is started; null where the system does not tell. */
  readonly boot: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), host: hostname(), boot: bootId() };
}

/** Whether it may still be there: what another machine or container does cannot be known. */
export function mayBeAlive({ pid, started, host, boot }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  if (boot !== bootId() || !hasProcess(pid)) return false;
  const now = startOf(pid);
  return started === null || now === null || started === now;
}

/** Whether some process has the number. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of Linux: the 22nd field. The second is the name of the program, which may have anything in it, in parentheses. */
function startOf(pid: number): string | null {
  const status = read(`/proc/${pid}/stat`);
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function bootId(): string | null {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
