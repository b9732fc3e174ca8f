import { crc32 } from 'node:zlib';

/** A key and a value with its checksum, as they are written: views of memory that is used again. */
export interface StoredValue {
  readonly key: Uint8Array;
  readonly stored: Uint8Array;
}

const CHECKSUM_BYTES = 4;
/** Keys and values up to this long are put together in memory that is kept for their lengths. */
const SHORT = 320;

/** Memory for keys and values of certain lengths, one after the other, and views of its parts: to make them takes longer than to fill them. */
interface Place extends StoredValue {
  readonly bytes: Uint8Array;
  /** Key and value: one checksum of both takes half as long as one of each. */
  readonly content: Uint8Array;
  readonly sums: DataView;
}

/** Puts values together with the CRC-32 of their key and themselves. */
export class StoredValues {
  readonly #places = new Map<number, Place>();

  /** For the key and value at these places of `bytes`. Valid until the next call. */
  make(bytes: Uint8Array, keyAt: number, keyLength: number, valueAt: number, valueLength: number): StoredValue {
    const place = this.#place(keyLength, valueLength);
    const to = place.bytes;
    for (let i = 0; i < keyLength; i++) to[i] = bytes[keyAt + i] as number;
    if (valueLength > SHORT) to.set(bytes.subarray(valueAt, valueAt + valueLength), keyLength);
    else for (let i = 0; i < valueLength; i++) to[keyLength + i] = bytes[valueAt + i] as number;
    place.sums.setUint32(keyLength + valueLength, crc32(place.content), true);
    return place;
  }

  #place(keyLength: number, valueLength: number): Place {
    if (valueLength > SHORT) return makePlace(keyLength, valueLength);
    const name = keyLength * (SHORT + 1) + valueLength;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = makePlace(keyLength, valueLength);
    this.#places.set(name, place);
    return place;
  }
}

function makePlace(keyLength: number, valueLength: number): Place {
  const end = keyLength + valueLength;
  const bytes = new Uint8Array(end + CHECKSUM_BYTES);
  return {
    bytes,
    key: bytes.subarray(0, keyLength),
    content: bytes.subarray(0, end),
    stored: bytes.subarray(keyLength),
    sums: new DataView(bytes.buffer),
  };
}
