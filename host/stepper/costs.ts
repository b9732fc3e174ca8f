/** What the simulator's clock counts for a step of the kernel, in nanoseconds. */
export interface StepCosts {
  /** To claim a run of calls. */
  readonly claim: number;
  /** Beyond its gas, of every call that is not executed sequentially: its status. */
  readonly execute: number;
  /** Besides, of a call that is executed speculatively: its versions and its read set are published. */
  readonly publish: number;
  /** To validate a call, and to commit it where that is its turn. */
  readonly validate: number;
  /** To abort a call. */
  readonly abort: number;
  /** To leave a call that meets an ESTIMATE, or traps. */
  readonly unwind: number;
  /** To look for work in vain. */
  readonly poll: number;
}

/** What it counts for what threads and their system do, in nanoseconds. */
export interface ThreadCosts {
  /** From the host's notification until the first worker begins. */
  readonly start: number;
  /** Until the next worker begins after it, and so on. */
  readonly startNext: number;
  /** From a worker's notification until the one that slept goes on. */
  readonly wake: number;
  /** Until a core goes on with another worker. */
  readonly change: number;
  /** For so long a worker may have a core that others wait for. */
  readonly slice: number;
  /** From the last worker's end until the host goes on. */
  readonly join: number;
}

export interface Costs {
  /** How far a step or a call may be from what it costs on average: 0 to 1 of it, up and down (jitter.ts). */
  readonly jitter: number;
  readonly steps: StepCosts;
  readonly threads: ThreadCosts;
}
