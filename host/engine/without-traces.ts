/**
 * Run something in which calls are left by traps whose stack traces nobody reads: without them a trap takes less. How many frames V8 notes is one number for the whole thread and the program's to say, so nothing may be awaited within:
 * whoever put it back after another had begun would put back 0.
 */
export function withoutTraces<Result>(run: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
