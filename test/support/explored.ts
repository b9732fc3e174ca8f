import { Checks } from '../../dist/host/explore/checks.js';
import { everywhere, machineOf } from '../../dist/host/explore/explore.js';
import { executeInOrder, parseBlock, policyOf } from '../../dist/host/explore/index.js';
import { exhaust, type Searched } from '../../dist/host/explore/search.js';

/** Every schedule of a block, each access a step, with the reduction by persistent sets and without it. */
export function searchBoth(
  kernel: WebAssembly.Module,
  text: string,
  { workers = 2, grain = 1, state = '' } = {},
): { readonly reduced: Searched; readonly full: Searched } {
  const block = parseBlock(text, state);
  const search = (isReduced: boolean): Searched => {
    const machine = machineOf(kernel, { block, workers, policy: policyOf({ grain }) }, everywhere(), 512);
    const checks = new Checks(machine, executeInOrder(block));
    return exhaust(machine, checks, { preemptions: undefined, states: 1_000_000, isReduced });
  };
  return { reduced: search(true), full: search(false) };
}
