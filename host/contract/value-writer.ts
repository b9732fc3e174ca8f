import { MisuseError } from '../runtime/errors.js';
import { describeFound } from './found.js';
import type { IntegerType, StructType, Type } from './type.js';
import { padded } from './value.js';
import { pathText } from './value-path.js';

const FIRST_BYTES = 1024;
/** Memory above this is not kept for the next values. */
const KEPT_BYTES = 1 << 16;
/** Of 2^256, and a sign. */
const INTEGER = /^(0|-?[1-9][0-9]{0,77})$/;
const WORD_BITS = 64n;

const textEncoder = new TextEncoder();

/** Lays values out as words, one after another. `encode` lends one out: its memory is used again. */
export class ValueWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #place = '';
  /** From the value at the place to the one that is written. */
  readonly #path: (string | number)[] = [];

  /** The words that `write` has written. */
  static encode(write: (writer: ValueWriter) => void): Uint8Array {
    // Where a getter of what is written encodes in its turn, there is none to spare.
    const writer = spare ?? new ValueWriter();
    spare = undefined;
    writer.#length = 0;
    writer.#path.length = 0;
    write(writer);
    const bytes = writer.#bytes.slice(0, writer.#length);
    if (writer.#bytes.length <= KEPT_BYTES) spare = writer;
    return bytes;
  }

  /**
   * @param place what messages call the value: `token.transfer: argument "to"`.
   * @throws MisuseError `ERR_ARGUMENT`
   */
  write(type: Type, value: unknown, place: string): void {
    this.#place = place;
    this.#write(type, value);
  }

  /** Zero padded to whole words. */
  raw(bytes: Uint8Array): void {
    const at = this.#reserve(padded(bytes.length));
    this.#bytes.set(bytes, at);
    this.#bytes.fill(0, at + bytes.length, this.#length);
  }

  #write(type: Type, value: unknown): void {
    switch (type.kind) {
      case 'integer':
        this.#integer(type, value);
        return;
      case 'address':
        this.raw(this.#address(value));
        return;
      case 'bool':
        if (typeof value !== 'boolean') this.#mismatch('true or false', value);
        this.#word(value ? 1n : 0n);
        return;
      case 'string': {
        if (typeof value !== 'string') this.#mismatch('a string', value);
        if (!value.isWellFormed()) this.#mismatch('a string without half surrogate pairs', value);
        this.#counted(textEncoder.encode(value));
        return;
      }
      case 'bytes': {
        const bytes = value instanceof Uint8Array ? value : hexBytes(value);
        if (bytes === undefined)
          this.#mismatch('a Uint8Array or "0x" with an even number of hexadecimal digits', value);
        this.#counted(bytes);
        return;
      }
      case 'nullable':
        this.#word(value === null ? 0n : 1n);
        if (value !== null) this.#write(type.value, value);
        return;
      case 'array':
        this.#array(type.element, value);
        return;
      case 'struct':
        this.#struct(type, value);
    }
  }

  #integer(type: IntegerType, value: unknown): void {
    let number = wholeNumber(value);
    if (number === undefined) this.#mismatch(`a ${type.text}: a whole number, or one as a decimal string`, value);
    if (!inRange(type, number)) this.#mismatch(`a ${type.text}`, value);
    // The sign of a narrow one fills its word.
    for (let bits = 0; bits < type.bits; bits += 64) {
      this.#word(number);
      if (type.bits > 64) number >>= WORD_BITS;
    }
  }

  #array(element: Type, value: unknown): void {
    if (!Array.isArray(value)) this.#mismatch('an array', value);
    const items: readonly unknown[] = value;
    const count = items.length;
    this.#word(BigInt(count));
    for (let index = 0; index < count; index++) {
      this.#path.push(index);
      this.#write(element, items[index]);
      this.#path.pop();
    }
  }

  #struct({ name, fields }: StructType, value: unknown): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
      this.#mismatch(`an object with the fields of ${name}`, value);
    }
    for (const given of Object.keys(value)) {
      if (!fields.some((field) => field.name === given))
        this.#refuse(`has no field "${given}"; ${name} has ${fields.map((field) => field.name).join(', ')}`);
    }
    for (const field of fields) {
      // Own properties only: a field may be called "constructor".
      if (!Object.hasOwn(value, field.name)) this.#refuse(`misses the field "${field.name}" (${field.type.text})`);
      this.#path.push(field.name);
      this.#write(field.type, (value as Record<string, unknown>)[field.name]);
      this.#path.pop();
    }
  }

  #address(value: unknown): Uint8Array {
    if (value instanceof Uint8Array && value.length === 32) return value;
    const bytes = hexBytes(value);
    if (bytes?.length === 32) return bytes;
    if (bytes?.length !== 20) this.#mismatch('an address: 32 bytes, or "0x" with 64 or 40 hexadecimal digits', value);
    const address = new Uint8Array(32);
    address.set(bytes, 12);
    return address;
  }

  #counted(bytes: Uint8Array): void {
    this.#word(BigInt(bytes.length));
    this.raw(bytes);
  }

  #word(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  /** Room for `length` more bytes. Returns where it begins. */
  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  #mismatch(expected: string, found: unknown): never {
    return this.#refuse(`must be ${expected}; found ${describeFound(found)}`);
  }

  #refuse(problem: string): never {
    throw new MisuseError('ERR_ARGUMENT', `${pathText(this.#path, this.#place)} ${problem}`);
  }
}

/** The one that nobody writes with. */
let spare: ValueWriter | undefined;

/** Whether an integer of this type can be `number`. */
export function inRange({ bits, isSigned }: IntegerType, number: bigint): boolean {
  return number === (isSigned ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number));
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : undefined;
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value.slice(2), 'hex'));
}
