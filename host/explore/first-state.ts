import { attachKernel } from '../engine/kernel.js';
import { formatMemory } from '../engine/memory.js';
import { policyWords } from '../engine/policy.js';
import { MisuseError } from '../runtime/errors.js';
import type { Policy } from '../runtime/types.js';
import { KERNEL_GAS } from '../wasm/gas-schedule.js';
import { AT, NO_TICKET } from './driver-words.js';
import { KERNEL_MIB, type MachineParts, STACK_BYTES, STACK_HEAD } from './layout.js';

const LIMITS = { memoryMiB: KERNEL_MIB, locations: 512, transactions: 64 };
const CALL_GAS = 100_000_000n;

/** What a block is executed under. */
export interface Conditions {
  readonly policy: Policy;
  /** How far above the frontier work may start at first; the kernel's own where undefined. */
  readonly lookahead: number | undefined;
  /** Threads that the machine runs at once. */
  readonly parallelism: number;
}

/**
 * Bring memory to where a block begins: the state before it, its calls, and every worker entered. The words of each driver say so. Returns the addresses of the
 * locations, by key. @throws MisuseError `ERR_OPTION` where the policy's grain is no number
 */
export function enterBlock(
  { exports, words, layout, block }: MachineParts,
  memory: WebAssembly.Memory,
  { policy, lookahead, parallelism }: Conditions,
): number[] {
  const { programs, names, state } = block;
  const { workers } = layout;
  const shape = { limits: LIMITS, workers, parallelism };
  formatMemory(exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(0x5a));
  const view = new DataView(memory.buffer);
  attachKernel({ exports } as never, 0, true);
  exports.enter();
  const key = exports.prepareBlock(4096) >>> 0;
  const locations = names.map((_, index) => {
    view.setBigUint64(key, BigInt(index + 1), true);
    return exports.intern(0, key, 8) >>> 0;
  });
  for (const [index, value] of state) {
    const location = locations[index] as number;
    const record = location + exports.LOCATION_RECORD.value;
    words[record >>> 2] = 8;
    view.setBigUint64(record + 8, value, true);
    words[(location + exports.LOCATION_COMMITTED.value) >>> 2] = record;
  }
  for (const index of programs.keys()) {
    const call = (exports.callsBase.value >>> 0) + (index << exports.CALL_SHIFT.value);
    words[(call + exports.CALL_ENTRY.value) >>> 2] = index;
    words[(call + exports.CALL_CONTRACT.value) >>> 2] = 0;
    view.setBigUint64(call + exports.CALL_GAS_LIMIT.value, CALL_GAS, true);
  }
  const { bits, grain } = policyWords(policy, exports);
  if (grain === 0)
    throw new MisuseError('ERR_OPTION', 'policy.grain: a number of calls, since auto follows their cost');
  exports.beginBlock(programs.length, exports.BLOCK_STM.value, workers, bits, grain);
  words[exports.AT_AWAITED.value >>> 2] = 0xffffffff;
  if (lookahead !== undefined) words[(exports.AT_FRONTIER.value >>> 2) + 1] = lookahead << 5;
  for (let worker = 0; worker < workers; worker++) {
    attachKernel({ exports } as never, worker, true);
    exports.enter();
    exports.takeChunks();
    exports.saveGlobals(layout.globalsOf(worker));
    const stack = layout.stackOf(worker);
    words[stack >>> 2] = stack + STACK_HEAD;
    words[(stack + 4) >>> 2] = stack + STACK_BYTES;
    words[layout.driverOf(worker) + AT.ticket] = NO_TICKET;
  }
  return locations;
}
