import { push4, take } from "./abi";

const hexDigits = "0123456789abcdef";

/** The 32 bytes that name an account or a contract, as four little-endian words: byte 0 is the low byte of `word0`. */
@final
export class Address {
  /** Without arguments, the zero address. */
  constructor(
    readonly word0: u64 = 0,
    readonly word1: u64 = 0,
    readonly word2: u64 = 0,
    readonly word3: u64 = 0,
  ) {}

  /** From "0x" and 64 hexadecimal digits, or 40, which become the last 20 bytes. Aborts on anything else. */
  static fromHex(text: string): Address {
    const digits = text.length - 2;
    assert(text.startsWith("0x") && (digits == 64 || digits == 40), "an address is 0x and 64 or 40 hexadecimal digits");
    const bytes = new StaticArray<u8>(32);
    const first = 32 - (digits >> 1);
    for (let index = 0; index < digits; index++) {
      let unit = text.charCodeAt(index + 2);
      if (unit >= 65 && unit <= 70) unit += 32; // A to F
      const digit = unit >= 48 && unit <= 57 ? unit - 48 : unit >= 97 && unit <= 102 ? unit - 87 : -1;
      assert(digit >= 0, "an address is 0x and 64 or 40 hexadecimal digits");
      const position = first + (index >> 1);
      bytes[position] = <u8>((bytes[position] << 4) | <u8>digit);
    }
    return Address.fromBytes(bytes);
  }

  /** From exactly 32 bytes. */
  static fromBytes(bytes: StaticArray<u8>): Address {
    assert(bytes.length == 32, "an address is 32 bytes");
    const pointer = changetype<usize>(bytes);
    return new Address(load<u64>(pointer), load<u64>(pointer, 8), load<u64>(pointer, 16), load<u64>(pointer, 24));
  }

  toBytes(): StaticArray<u8> {
    const bytes = new StaticArray<u8>(32);
    const pointer = changetype<usize>(bytes);
    store<u64>(pointer, this.word0);
    store<u64>(pointer, this.word1, 8);
    store<u64>(pointer, this.word2, 16);
    store<u64>(pointer, this.word3, 24);
    return bytes;
  }

  /** "0x" and 64 hexadecimal digits. */
  toString(): string {
    const bytes = this.toBytes();
    let text = "0x";
    for (let index = 0; index < 32; index++) {
      text += hexDigits.charAt(bytes[index] >> 4) + hexDigits.charAt(bytes[index] & 15);
    }
    return text;
  }

  @inline
  get isZero(): bool {
    return (this.word0 | this.word1 | this.word2 | this.word3) == 0;
  }

  @inline @operator("==")
  private static equal(left: Address | null, right: Address | null): bool {
    // Also a comparison with null ends up here.
    if (changetype<usize>(left) == 0 || changetype<usize>(right) == 0) return changetype<usize>(left) == changetype<usize>(right);
    return same(changetype<Address>(left), changetype<Address>(right));
  }

  @inline @operator("!=")
  private static differ(left: Address | null, right: Address | null): bool {
    return !Address.equal(left, right);
  }

  @inline
  __encode(): i32 {
    push4(this.word0, this.word1, this.word2, this.word3);
    return 32;
  }

  @inline
  __decode(): void {
    const pointer = changetype<usize>(this);
    store<u64>(pointer, take());
    store<u64>(pointer, take(), 8);
    store<u64>(pointer, take(), 16);
    store<u64>(pointer, take(), 24);
  }

  @inline
  __argument(_method: string, _name: string): void {
    this.__decode();
  }

  @inline
  __least(): i32 {
    return 32;
  }
}

@inline
function same(left: Address, right: Address): bool {
  return (
    ((left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2) | (left.word3 ^ right.word3)) == 0
  );
}

/** Takes an address under the cursor. */
@inline
export function takeAddress(): Address {
  const address = changetype<Address>(__new(offsetof<Address>(), idof<Address>()));
  address.__decode();
  return address;
}
