/** What something gave and how long it took, in milliseconds. */
export interface Timed<Result> {
  readonly result: Result;
  readonly ms: number;
}

export function timed<Result>(action: () => Result): Timed<Result> {
  const start = performance.now();
  const result = action();
  return { result, ms: performance.now() - start };
}

/** From the call until its promise has settled. */
export async function timedAsync<Result>(action: () => Promise<Result>): Promise<Timed<Result>> {
  const start = performance.now();
  const result = await action();
  return { result, ms: performance.now() - start };
}
