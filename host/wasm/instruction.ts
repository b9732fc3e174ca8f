import { hasPrefix, type Opcode, opcodeOf } from './opcode.js';
import { Reader, WasmError } from './reader.js';

/** A block type that is the index of a function type. */
export const TYPE_INDEX = -1;

/**
 * Goes through a function's instructions, one at a time; the fields describe the one that `next` has read.
 * What is allowed is not its business: it reads whatever it can tell the end of.
 */
export class Instructions {
  /** Of an opcode with a prefix: `(prefix << 8) | number`. */
  opcode = 0;
  /** What the opcode means. */
  info: Opcode = opcodeOf(0);
  /** Where the instruction starts, its immediates do, and it ends. */
  start = 0;
  immediate = 0;
  end = 0;
  /** The first immediate: an index, a block type (a value type, 0x40, or TYPE_INDEX), a number of branch targets. */
  index = 0;
  /** The second one: the table of a `call_indirect`, the offset of a memory access. */
  second = 0;
  readonly #reader: Reader;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#reader = new Reader(bytes, start, end);
  }

  /** False at the end. @throws WasmError where the instruction cannot be read. */
  next(): boolean {
    const reader = this.#reader;
    if (reader.at === reader.end) return false;
    this.start = reader.at;
    this.index = 0;
    this.second = 0;
    const first = reader.byte();
    this.opcode = first;
    if (hasPrefix(first)) {
      const sub = reader.u32();
      this.opcode = sub > 255 ? 0xff00 : (first << 8) | sub;
    }
    this.info = opcodeOf(this.opcode);
    this.immediate = reader.at;
    this.#readImmediate();
    this.end = reader.at;
    return true;
  }

  #readImmediate(): void {
    const reader = this.#reader;
    switch (this.info.immediate) {
      case 'none':
        return;
      case 'block':
        this.index = this.#blockType();
        return;
      case 'index':
      case 'memorySize':
        this.index = reader.u32();
        return;
      case 'branches':
        this.index = reader.count();
        for (let target = 0; target <= this.index; target++) reader.u32();
        return;
      case 'callIndirect':
      case 'twoIndices':
        this.index = reader.u32();
        this.second = reader.u32();
        return;
      case 'memory':
      case 'memoryLane':
        // With several memories, bit 6 of the alignment says that the memory's index follows.
        this.index = reader.u32();
        if ((this.index & 64) !== 0) reader.u32();
        this.second = reader.u32();
        if (this.info.immediate === 'memoryLane') reader.byte();
        return;
      case 'byte':
        this.index = reader.byte();
        return;
      case 'i32':
        this.index = reader.s32();
        return;
      case 'i64':
        reader.skipS64();
        return;
      case 'f32':
        reader.skip(4);
        return;
      case 'f64':
        reader.skip(8);
        return;
      case 'bytes16':
        reader.skip(16);
        return;
      case 'types':
        for (let count = reader.count(); count > 0; count--) reader.byte();
        return;
      case 'heapType':
        reader.s32();
        return;
      case 'unreadable':
        throw new WasmError(`cannot be read: ${this.info.name}`, this.start);
    }
  }

  #blockType(): number {
    const reader = this.#reader;
    const byte = reader.bytes[reader.at] as number;
    if (reader.at < reader.end && byte >= 0x40 && byte < 0x80) return reader.byte();
    const type = reader.s32();
    if (type < 0) reader.fail('malformed block type', this.start);
    this.second = type;
    return TYPE_INDEX;
  }
}
