import { fileURLToPath } from 'node:url';
import type { Logger } from './runtime-interface.js';

interface Closable {
  close(): Promise<void>;
}

/** Runtimes that were created and not closed. Waiting workers do not keep a process alive: when it has nothing else to do, it is told which it forgot, and they are closed. */
class OpenRuntimeList {
  readonly #open = new Map<Closable, { readonly where: string; readonly logger: Logger | undefined }>();

  add(runtime: Closable, logger: Logger | undefined): void {
    if (this.#open.size === 0) process.on('beforeExit', this.#closeAll);
    this.#open.set(runtime, { where: caller(), logger });
  }

  remove(runtime: Closable): void {
    this.#open.delete(runtime);
    if (this.#open.size === 0) process.off('beforeExit', this.#closeAll);
  }

  readonly #closeAll = (): void => {
    for (const [runtime, { where, logger }] of this.#open) {
      const message = `a runtime was never closed: await its close() when it is not needed any more (created ${where})`;
      if (logger === undefined) process.emitWarning(message, { type: 'BlockStmWarning', code: 'BLOCKSTM_NOT_CLOSED' });
      else logger.warn({ code: 'BLOCKSTM_NOT_CLOSED' }, message);
      runtime.close().catch((error: unknown) => {
        process.exitCode = 1;
        process.emitWarning(error instanceof Error ? error : String(error));
      });
    }
  };
}

/** The line of the program that called into the package. Under source maps the stack names the package's sources, which lie beside what was built. */
function caller(): string {
  const own = [new URL('../', import.meta.url), new URL('../../../host/', import.meta.url)];
  const names = own.flatMap((place) => [place.href, fileURLToPath(place)]);
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  const line = lines.find((each) => !each.includes('node:') && !names.some((name) => each.includes(name)));
  return line?.trim() ?? 'at an unknown place';
}

export const OpenRuntimes = new OpenRuntimeList();
