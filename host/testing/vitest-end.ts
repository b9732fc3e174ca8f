/** The end of a test file, where vitest runs it: what is still open then is closed. */

const open = new Set<AsyncDisposable>();

/** `vitest`, while a file's tests are being collected; hooks that are registered later are not called. */
async function registerHook(): Promise<void> {
  if (process.env.VITEST === undefined) return;
  try {
    const { afterAll } = await import('vitest');
    afterAll(async () => {
      const closing = [...open];
      open.clear();
      for (const each of closing) await each[Symbol.asyncDispose]();
    });
  } catch {
    // Loaded where no tests are collected: whoever opens something closes it.
  }
}

// Now, since the file that imports this is being collected.
await registerHook();

/** Have it closed at the end of the test file, unless that happens before. */
export function closeAtEnd(resource: AsyncDisposable): void {
  open.add(resource);
}

export function wasClosed(resource: AsyncDisposable): void {
  open.delete(resource);
}
