// Where a test called a function of this folder: errors are shown there, not where they were found out.

import { BlockStmError } from '../index.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever it takes
type Called = (...args: any[]) => unknown;

/** The lines of the stack from where `called` was called. */
export function callSite(called: Called): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack?.split('\n').slice(1).join('\n') ?? '';
}

/** Do what `called` is to do. What it throws is shown where that was called. */
export function forTest<Result>(called: Called, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw shownAt(callSite(called), error);
  }
}

/** Likewise what takes time. To be called before anything is awaited. */
export async function forTestLater<Result>(called: Called, run: () => Promise<Result>): Promise<Result> {
  const site = callSite(called);
  try {
    return await run();
  } catch (error) {
    throw shownAt(site, error);
  }
}

/** An error of ours, with the stack of where it is to be shown; any other as it is. */
export function shownAt(site: string, error: unknown): unknown {
  if (error instanceof BlockStmError) error.stack = `${error.name}: ${error.message}\n${site}`;
  return error;
}
