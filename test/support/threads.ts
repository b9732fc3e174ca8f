import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** The threads started while `action` runs, as Node announces them. */
export async function threadsOf(action: () => Promise<unknown>): Promise<Worker[]> {
  const threads: Worker[] = [];
  const listener = (message: unknown): void => void threads.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', listener);
  try {
    await action();
  } finally {
    unsubscribe('worker_threads', listener);
  }
  return threads;
}
