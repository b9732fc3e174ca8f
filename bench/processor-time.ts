/** What something gave and what it took, in milliseconds. */
export interface ProcessorTimed<Result> {
  readonly result: Result;
  /** From the call until its promise has settled. */
  readonly wallMs: number;
  /** Processor time of all threads of the process meanwhile: what other programs do is hardly in it. */
  readonly cpuMs: number;
}

export async function processorTimed<Result>(action: () => Promise<Result>): Promise<ProcessorTimed<Result>> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await action();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs, cpuMs: (user + system) / 1_000 };
}
