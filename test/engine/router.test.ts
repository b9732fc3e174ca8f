import { describe, expect, test } from 'vitest';
import { type Mode, Router } from '../../dist/host/engine/router.js';

const CALLS = 10_000;
const GAS_OF_CALL = 8_000;

/** What the router chooses for `blocks` blocks whose calls take so many nanoseconds in each mode. */
function choices(router: Router, blocks: number, ns: Record<Mode, number>, calls = CALLS): Mode[] {
  return Array.from({ length: blocks }, () => {
    const { mode } = router.choose(calls);
    router.record({ mode, calls, gas: calls * GAS_OF_CALL, ms: (calls * ns[mode]) / 1e6 });
    return mode;
  });
}

function share(modes: readonly Mode[], mode: Mode): number {
  return modes.filter((one) => one === mode).length / modes.length;
}

describe('auto', () => {
  test('settles on the mode that is faster, and tries the other now and then', () => {
    const parallel = choices(new Router(2), 200, { sequential: 300, 'block-stm': 200 });
    expect(share(parallel, 'block-stm')).toBeGreaterThan(0.9);
    expect(share(parallel, 'block-stm')).toBeLessThan(1);
    const sequential = choices(new Router(2), 200, { sequential: 200, 'block-stm': 300 });
    expect(share(sequential, 'sequential')).toBeGreaterThan(0.9);
    expect(share(sequential, 'sequential')).toBeLessThan(1);
  });

  test('tries a mode for three blocks in a row, for one where that is hopeless, and less often where nothing changes', () => {
    const trials = (ns: Record<Mode, number>): number[] => {
      const modes = choices(new Router(2), 300, ns).slice(6);
      return modes
        .join(' ')
        .split(/(?: ?sequential)+ ?/)
        .filter((run) => run !== '')
        .map((run) => run.split(' ').length);
    };
    expect(trials({ sequential: 200, 'block-stm': 250 })).toEqual([3, 3, 3, 3, 3, 3]);
    expect(trials({ sequential: 200, 'block-stm': 400 })).toEqual([1, 1, 1, 1, 1, 1]);
    const router = new Router(2);
    const modes = choices(router, 300, { sequential: 200, 'block-stm': 250 });
    const starts = modes.flatMap((mode, at) => (mode === 'block-stm' && modes[at - 1] !== mode ? [at] : []));
    const between = starts.slice(1).map((at, index) => at - (starts[index] as number));
    expect(between).toEqual([19, 35, 51, 51, 51, 51]);
  });

  test('changes its mind when blocks change', () => {
    const router = new Router(2);
    choices(router, 100, { sequential: 200, 'block-stm': 300 });
    const after = choices(router, 100, { sequential: 200, 'block-stm': 120 });
    expect(share(after.slice(50), 'block-stm')).toBeGreaterThan(0.9);
  });

  test('is not misled by blocks that ran before everything was compiled', () => {
    const router = new Router(2);
    choices(router, 2, { sequential: 2000, 'block-stm': 3000 });
    expect(share(choices(router, 100, { sequential: 300, 'block-stm': 200 }), 'block-stm')).toBeGreaterThan(0.9);
  });

  test('is not misled by a small block that takes long since a thread woke late', () => {
    const router = new Router(2);
    for (let block = 0; block < 10; block++) {
      expect(router.choose(10)).toEqual({ mode: 'sequential', reason: 'small' });
      router.record({ mode: 'sequential', calls: 10, gas: 10 * GAS_OF_CALL, ms: 2 });
    }
  });

  test('leaves small blocks to one worker, and says why', () => {
    const router = new Router(2);
    choices(router, 20, { sequential: 300, 'block-stm': 200 });
    expect(router.choose(100)).toEqual({ mode: 'sequential', reason: 'small' });
    expect(router.choose(10_000).mode).toBe('block-stm');
    expect(new Router(1).choose(10_000)).toEqual({ mode: 'sequential', reason: 'one worker' });
  });
});
