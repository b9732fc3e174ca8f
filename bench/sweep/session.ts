import { freemem } from 'node:os';
import { type BuildIdentity, buildIdentity } from './build-identity.js';
import { type Machine, machine } from './machine.js';
import { type ProcessIdentity, thisProcess } from './process-identity.js';

/**
 * One process that measured runs of a sweep, and what it found: a line of `sessions.jsonl`. The manifest is of the first one. What a later one may not have otherwise is refused (`refuseOther`); all else is here:
 * load, free memory, governor, kernel, limits of memory, the process, and whether the machine was started again.
 */
export interface SessionRecord {
  readonly schema: 'blockstm.sweep-session/1';
  /** By ISO 8601. */
  readonly begun: string;
  /** Runs that were finished by then: those that follow in `runs.jsonl`, up to the next session, are its own. */
  readonly finishedRuns: number;
  readonly process: ProcessIdentity;
  readonly machine: Machine;
  readonly freeMemoryBytes: number;
  readonly build: BuildIdentity;
}

export function newSession(finishedRuns: number): SessionRecord {
  return {
    schema: 'blockstm.sweep-session/1',
    begun: new Date().toISOString(),
    finishedRuns,
    process: thisProcess(),
    machine: machine(),
    freeMemoryBytes: freemem(),
    build: buildIdentity(),
  };
}
