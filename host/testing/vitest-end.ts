// The end of a test and of a test file, where vitest runs them: calls that were written down and not made are complained of, and what is still open is closed.

import type { ContractCall } from './contract-call.js';
import { type CallNotMade, UnmadeCalls } from './unmade-calls.js';

const open = new Set<AsyncDisposable>();

/** Calls that had been written down before the running test: those of the file, which another test may make. */
let earlier: ReadonlySet<ContractCall> = new Set();

/** Whether the end of a test complains of calls that nobody made. */
let isWatched = false;

/** `vitest`, while a file's tests are being collected; hooks that are registered later are not called. */
async function registerHooks(): Promise<void> {
  if (process.env.VITEST === undefined) return;
  try {
    const { afterAll, afterEach, beforeEach } = await import('vitest');
    afterAll(endFile);
    beforeEach(() => {
      earlier = new Set(UnmadeCalls.list);
    });
    afterEach(({ task }) => endTest(task.result?.state === 'fail', task.concurrent === true));
    isWatched = true;
  } catch {
    // Loaded where no tests are collected: whoever opens something closes it.
  }
}

async function endFile(): Promise<void> {
  const closing = [...open];
  open.clear();
  for (const each of closing) await each[Symbol.asyncDispose]();
  complain(UnmadeCalls.take(() => true));
}

/** One that failed may not have come to make its calls. What others that run at the same time have written down is known at the end of the file only. */
function endTest(hasFailed: boolean, isConcurrent: boolean): void {
  if (isConcurrent) return;
  const unmade = UnmadeCalls.take((call) => !earlier.has(call));
  if (!hasFailed) complain(unmade);
}

function complain(unmade: CallNotMade | undefined): void {
  if (unmade !== undefined) throw unmade;
}

// Now, since the file that imports this is being collected.
await registerHooks();

/** Have it closed at the end of the test file, unless that happens before. */
export function closeAtEnd(resource: AsyncDisposable): void {
  open.add(resource);
}

export function wasClosed(resource: AsyncDisposable): void {
  open.delete(resource);
}

/** Where no end of a test does: warn of calls of a chain that is closed now, since nobody can make them any more. */
export function warnOfUnmade(isOfChain: (call: ContractCall) => boolean): void {
  const unmade = isWatched ? undefined : UnmadeCalls.take(isOfChain);
  if (unmade === undefined) return;
  process.emitWarning(unmade.message, {
    type: 'BlockStmWarning',
    code: 'BLOCKSTM_NOT_MADE',
    detail: unmade.calls[0]?.stack ?? '',
  });
}
