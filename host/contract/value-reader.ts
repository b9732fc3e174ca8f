import { MisuseError } from '../runtime/errors.js';
import type { IntegerType, Type } from './type.js';
import { padded, type Value } from './value.js';
import { inRange } from './value-writer.js';

const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads values off `bytes`, front to back. What is not exactly what writing gives is refused: MisuseError `ERR_ARGUMENT`. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: string;
  #offset = 0;

  /** @param place what messages call the bytes: `token.transfer: the input`. */
  constructor(bytes: Uint8Array, place: string) {
    // What a `Buffer` slices off is not a copy.
    const { buffer, byteOffset, byteLength } = bytes;
    this.#bytes = bytes.constructor === Uint8Array ? bytes : new Uint8Array(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#place = place;
  }

  take(type: Type): Value {
    switch (type.kind) {
      case 'integer':
        return this.#integer(type);
      case 'address':
        return this.#padded(32);
      case 'bool':
        return this.#bool('a bool');
      case 'string':
        return this.#string();
      case 'bytes':
        return this.#counted();
      case 'nullable':
        return this.#bool('whether there is a value') ? this.take(type.value) : null;
      case 'array':
        return this.#array(type.element);
      case 'struct':
        return Object.fromEntries(type.fields.map(({ name, type }) => [name, this.take(type)]));
    }
  }

  /** Go on at `to`; from `from` on there are zeros. */
  skip(from: number, to: number): void {
    if (to > this.#bytes.length) this.#refuse(`ends after ${this.#bytes.length} bytes, inside of ${to}`);
    this.#offset = to;
    this.#refuseNoZeros(from);
  }

  end(): void {
    const rest = this.#bytes.length - this.#offset;
    if (rest > 0) this.#refuse(`is ${rest} bytes too long`);
  }

  #integer(type: IntegerType): bigint | number {
    let number = this.#word();
    for (let bits = 64; bits < type.bits; bits += 64) number |= this.#word() << BigInt(bits);
    if (type.isSigned) number = BigInt.asIntN(64, number);
    if (!inRange(type, number)) this.#refuse(`has ${number} where a ${type.text} was expected`);
    return type.bits >= 64 ? number : Number(number);
  }

  #bool(what: string): boolean {
    const word = this.#word();
    if (word > 1n) this.#refuse(`has ${word} where ${what} was expected`);
    return word === 1n;
  }

  #string(): string {
    const bytes = this.#counted();
    try {
      return textDecoder.decode(bytes);
    } catch (cause) {
      throw new MisuseError('ERR_ARGUMENT', `${this.#place} has a string that is not UTF-8`, { cause });
    }
  }

  /** Every element takes some bytes: there are no more of them than there is input for. */
  #array(element: Type): Value[] {
    const count = this.#word();
    if (count > BigInt(this.#rest)) this.#refuse(`ends inside an array of ${count} elements`);
    if (Number(count) * element.size > this.#rest) this.#refuse(`ends inside an array of ${count} elements`);
    const values: Value[] = [];
    for (let left = Number(count); left > 0; left--) values.push(this.take(element));
    return values;
  }

  get #rest(): number {
    return this.#bytes.length - this.#offset;
  }

  #word(): bigint {
    this.#require(8);
    this.#offset += 8;
    return this.#view.getBigUint64(this.#offset - 8, true);
  }

  /** A length word, then that many bytes. */
  #counted(): Uint8Array {
    const length = this.#word();
    if (length > BigInt(this.#bytes.length)) this.#refuse(`ends inside a value of ${length} bytes`);
    return this.#padded(Number(length));
  }

  #padded(length: number): Uint8Array {
    this.#require(padded(length));
    const end = this.#offset + length;
    const value = this.#bytes.slice(this.#offset, end);
    this.#offset += padded(length);
    this.#refuseNoZeros(end);
    return value;
  }

  #refuseNoZeros(from: number): void {
    for (let index = from; index < this.#offset; index++) {
      if (this.#bytes[index] !== 0) this.#refuse('has padding that is not zero');
    }
  }

  #require(length: number): void {
    if (length > this.#rest) {
      this.#refuse(`ends after ${this.#bytes.length} bytes, inside a value of ${length} bytes`);
    }
  }

  #refuse(problem: string): never {
    throw new MisuseError('ERR_ARGUMENT', `${this.#place} ${problem}`);
  }
}
