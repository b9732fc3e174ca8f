/** A map from 32-byte addresses, without making a string of each: every call of every block is looked up here. */
export class AddressTable<Value> {
  readonly #buckets = new Map<number, { readonly address: Uint8Array; readonly value: Value }[]>();

  get(address: Uint8Array): Value | undefined {
    const bucket = this.#buckets.get(firstWord(address));
    if (bucket === undefined) return undefined;
    for (const entry of bucket) if (sameBytes(entry.address, address)) return entry.value;
    return undefined;
  }

  set(address: Uint8Array, value: Value): void {
    const word = firstWord(address);
    const bucket = this.#buckets.get(word) ?? [];
    bucket.push({ address, value });
    this.#buckets.set(word, bucket);
  }
}

function firstWord(address: Uint8Array): number {
  return (
    ((address[0] as number) |
      ((address[1] as number) << 8) |
      ((address[2] as number) << 16) |
      ((address[3] as number) << 24)) >>>
    0
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) if (a[i] !== b[i]) return false;
  return true;
}
