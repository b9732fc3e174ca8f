import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Have V8 collect all garbage now. Otherwise it does so on threads of its own while something is measured that wants the cores for itself:
 * preparing and comparing blocks leaves tens of megabytes behind.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
  // The second waits for what the first has left to other threads.
  collect();
}
