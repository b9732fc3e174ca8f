import { createHash } from 'node:crypto';

/**
 * SHA-256 over a state: for each location, ascending by contract address and then by key bytes: address, u32 key length, key, u32 value length, value; lengths little-endian.
 */
export class StateDigest {
  readonly #hash = createHash('sha256');
  readonly #length = Buffer.alloc(4);

  /** The next location. */
  add(address: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    this.#hash.update(address);
    for (const part of [key, value]) {
      this.#length.writeUInt32LE(part.length);
      this.#hash.update(this.#length).update(part);
    }
  }

  /** 64 hex digits. Once. */
  end(): string {
    return this.#hash.digest('hex');
  }
}
