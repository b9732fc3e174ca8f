import type { KernelExports } from './kernel.js';
import type { Code } from './protocol.js';

/** The contracts that calls of a block can reach. */
export interface ReachableContracts {
  /** Where two have the same one, the one with fewer contracts has the first of the other's. What may be taken back leaves another one behind. */
  readonly origin: object;
  readonly count: number;
  /** From number `first` on. */
  from(first: number): Iterable<ReachableContract>;
}

export interface ReachableContract {
  readonly index: number;
  /** The entry of its code's first method. */
  readonly code: number;
}

const SLOT_BYTES = 8;
const FIRST_SLOTS = 1024;
const FIRST_NAME_BYTES = 16_384;

/**
 * What calls between contracts are resolved by, in shared memory (assembly/kernel/directory.ts): the contracts that the next block can reach, and the methods of every
 * code by name. Written between blocks.
 */
export class Directory {
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #codes: Code[] = [];
  #methods = 0;
  #origin: object | undefined;
  /** Those that are in the table, as they were entered. Grows in place: a deployment costs what it adds. */
  #contracts: ReachableContract[] = [];
  #contractSlots = 0;
  #methodSlots = 0;
  /** Where the next name goes, and the end of the room for names. */
  #nameAt = 0;
  #nameEnd = 0;

  constructor(kernel: KernelExports, memory: WebAssembly.Memory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /** Enter the methods of a code that every worker has. Throws a trap of the kernel where the memory is full. */
  addCode(code: Code): void {
    const bytes = code.methods.reduce((sum, name) => sum + this.#nameSize(name), 0);
    const methods = this.#methods + code.methods.length;
    if (methods * 2 > this.#methodSlots || this.#nameAt + bytes > this.#nameEnd) {
      this.#place([...this.#codes, code], this.#contracts);
    } else this.#enterMethods(code);
    this.#codes.push(code);
    this.#methods = methods;
  }

  /** Have calls reach these contracts. Throws a trap of the kernel where the memory is full. */
  show(reachable: ReachableContracts): void {
    const { origin, count } = reachable;
    const known = origin === this.#origin && count >= this.#contracts.length ? this.#contracts.length : 0;
    if (known > 0 && known === count) return;
    const added = [...reachable.from(known)];
    const kept = known > 0 ? this.#contracts : [];
    if ((known + added.length) * 2 > this.#contractSlots) this.#place(this.#codes, [...kept, ...added]);
    else {
      if (known === 0) this.#kernel.clearContracts();
      this.#enterContracts(added);
    }
    for (const contract of added) kept.push(contract);
    this.#contracts = kept;
    this.#origin = origin;
  }

  /** All memory that outlives blocks is void: put everything where there is room for it now. */
  placeAgain(): void {
    if (this.#contractSlots > 0) this.#place(this.#codes, this.#contracts);
  }

  /** Have tables with these in them, and room for more. */
  #place(codes: readonly Code[], contracts: readonly ReachableContract[]): void {
    const kernel = this.#kernel;
    const names = codes.flatMap(({ methods }) => methods);
    const contractSlots = slotsFor(contracts.length);
    const methodSlots = slotsFor(names.length);
    const nameBytes = names.reduce((sum, name) => sum + this.#nameSize(name), 0);
    const room = Math.max(FIRST_NAME_BYTES, nameBytes * 2);
    const at = kernel.takePersistentChunks((contractSlots + methodSlots) * SLOT_BYTES + room) >>> 0;
    const methodsAt = at + contractSlots * SLOT_BYTES;
    this.#contractSlots = contractSlots;
    this.#methodSlots = methodSlots;
    this.#nameAt = methodsAt + methodSlots * SLOT_BYTES;
    this.#nameEnd = this.#nameAt + room;
    kernel.placeDirectory(at, contractSlots, methodsAt, methodSlots);
    for (const code of codes) this.#enterMethods(code);
    this.#enterContracts(contracts);
  }

  #enterContracts(contracts: readonly ReachableContract[]): void {
    for (const { index, code } of contracts) this.#kernel.enterContract(index, code);
  }

  #enterMethods({ methods, firstEntry, firstCalls }: Code): void {
    const { NAME_BYTES, enterMethod } = this.#kernel;
    methods.forEach((name, position) => {
      const size = this.#nameSize(name);
      // What begins a code's life, no other contract calls.
      if (size === 0 || firstCalls?.has(name)) return;
      const at = this.#nameAt;
      const bytes = Buffer.from(name);
      const record = new Uint8Array(this.#memory.buffer, at, size).fill(0);
      record.set(bytes, NAME_BYTES.value);
      const view = new DataView(this.#memory.buffer, at);
      view.setUint32(0, firstEntry, true);
      view.setUint32(4, bytes.length, true);
      this.#nameAt += size;
      enterMethod(at, firstEntry + position);
    });
  }

  /** Bytes that a name takes; 0 where it is too long to be called. */
  #nameSize(name: string): number {
    const { NAME_BYTES, MAX_METHOD_LENGTH } = this.#kernel;
    const length = Buffer.byteLength(name);
    return length > MAX_METHOD_LENGTH.value ? 0 : NAME_BYTES.value + Math.ceil(length / 8) * 8;
  }
}

/** A power of two of which `used` are at most a quarter, so that as many again fit. */
function slotsFor(used: number): number {
  let slots = FIRST_SLOTS;
  while (slots < used * 4) slots *= 2;
  return slots;
}
