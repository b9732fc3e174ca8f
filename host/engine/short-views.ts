import type { BlockContext } from '../runtime/types.js';
import type { Base } from './base.js';
import type { BlockMemory } from './block-memory.js';
import type { CallEncoder, EncodedCalls } from './calls.js';
import type { RunningBlock } from './executed-block.js';
import { HOST_GAS, HostCaller } from './host-caller.js';
import type { Kernel } from './kernel.js';
import type { Code } from './protocol.js';
import type { Room } from './room.js';
import { FailedCalls, lastTraces } from './traces.js';

/** What an engine has that its short views need. */
interface ShortViewParts {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  readonly room: Room;
  readonly encoder: CallEncoder;
  readonly block: BlockMemory;
  /** This thread's reader of the store, if there is one. */
  readonly base: Base | undefined;
  /** Whether it is kept where calls failed. */
  readonly backtraces: boolean;
}

/** Views that are executed on the host's thread, since they are short. Which are is tried; a method is not until a worker has run it once, and compiled it. */
export class ShortViews {
  readonly #parts: ShortViewParts;
  readonly #caller: HostCaller;
  /** Of this thread, if it is kept where calls failed. */
  readonly #failedCalls: FailedCalls | undefined;
  /** Entries of methods that have been called on a worker, which has them compiled. */
  readonly #called = new Set<number>();

  constructor(parts: ShortViewParts) {
    const { kernel, memory, backtraces } = parts;
    this.#parts = parts;
    this.#failedCalls = backtraces ? new FailedCalls(kernel.exports, memory) : undefined;
    this.#caller = new HostCaller(kernel, this.#failedCalls);
  }

  /** Throws what WebAssembly throws. */
  install(code: Code): void {
    this.#caller.install(code);
  }

  /** Whether the view of this entry is to be tried here; a call to nothing, whose entry is negative, is. */
  isTried(entry: number): boolean {
    return entry < 0 || this.#called.has(entry);
  }

  /** A worker has called the method of this entry. */
  noteCalled(entry: number): void {
    this.#called.add(entry);
  }

  /** Undefined where the call takes longer than the event loop should wait, or meets a limit. @throws CapacityError */
  async run(encoded: EncodedCalls, context: BlockContext): Promise<RunningBlock | undefined> {
    const { kernel, memory, room, encoder, block, base } = this.#parts;
    const { exports } = kernel;
    if (room.isCleaningDue) return undefined;
    base?.refresh();
    await block.write(encoded, context);
    const limit = encoder.limitGas(exports, memory, HOST_GAS);
    exports.beginBlock(1, exports.VIEW.value, 1, exports.POLICY_CONFINED.value, 0);
    const isOver = this.#caller.run();
    const words = new Uint32Array(memory.buffer);
    const isFaulted = Atomics.load(words, exports.AT_FAULT.value >>> 2) !== 0;
    if (isFaulted) exports.rollback();
    if (isFaulted || !isOver) return undefined;
    const running = block.running(1);
    const gasUsed = running.transactions.getBigUint64(running.layout.gasUsed, true);
    if (limit > HOST_GAS && gasUsed >= HOST_GAS) return undefined;
    const epoch = Atomics.load(words, exports.AT_EPOCH.value >>> 2);
    const traces = this.#failedCalls?.tracesOf(epoch, [0]);
    return { ...running, traces: traces && lastTraces(traces) };
  }
}
