// Loaded before the command by `node --import`: an executor other than `sequential` then gives a wrong result, or none, in the way that the
// environment variable TAMPER names, so that it can be seen that `--verify` and the benchmark notice.

import { CapacityError, createRuntime } from '../../dist/host/index.js';

const flipped = { ok: 'reverted', reverted: 'ok', trapped: 'ok', invalid: 'ok' };

const tamperings = {
  none: (result) => result,
  receipt: (result) => {
    const { receipts } = result;
    const get = (index) => {
      const receipt = receipts.get(index);
      return index === 1 ? { ...receipt, status: flipped[receipt.status] } : receipt;
    };
    const list = Array.from({ length: receipts.length }, (_, index) => get(index));
    return { ...result, receipts: { length: list.length, get, [Symbol.iterator]: () => list[Symbol.iterator]() } };
  },
  writeSet: (result) => ({ ...result, writeSet: result.writeSet.slice(1) }),
  full: () => {
    throw new CapacityError('limits.memoryMiB', 'no more room');
  },
  stateHash: (result) => ({ ...result, stateHash: async () => '0'.repeat(64) }),
};

async function tamperWith(tampering) {
  const runtime = await createRuntime({ workers: 1 });
  const prototype = Object.getPrototypeOf(runtime);
  await runtime.close();
  const { execute, encodeBlock } = prototype;
  /** The blocks that encoded ones were made of. */
  const sources = new WeakMap();
  prototype.encodeBlock = async function (block) {
    const encoded = await encodeBlock.call(this, block);
    sources.set(encoded, block);
    return encoded;
  };
  prototype.execute = async function (block) {
    const result = await execute.call(this, block);
    const { height, receipts, writeSet, stats, telemetry } = result;
    const copy = { height, receipts, writeSet, stats, telemetry, stateHash: () => result.stateHash() };
    // First calls and preparations, which are mints, pass unharmed: to be noticed is a difference in the block itself.
    const measured = (sources.get(block) ?? block).transactions[0]?.method === 'transfer';
    return measured && this.executor !== 'sequential' ? tampering(copy) : copy;
  };
}

await tamperWith(tamperings[process.env.TAMPER]);
