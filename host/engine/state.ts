import type { KernelExports } from './kernel.js';
import { StateDigest } from './state-digest.js';

interface CommittedLocation {
  readonly contract: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The 32-byte address of contract `index`. */
export function contractAddress(kernel: KernelExports, memory: WebAssembly.Memory, index: number): Uint8Array {
  const table = new DataView(memory.buffer).getUint32(kernel.AT_ADDRESSES.value, true);
  return new Uint8Array(memory.buffer, table + index * 32, 32).slice();
}

/** The digest of the committed state, see state-digest.ts. */
export function storedHash(kernel: KernelExports, memory: WebAssembly.Memory): string {
  const locations = committedLocations(kernel, memory);
  const addresses = new Map<number, Uint8Array>();
  for (const { contract } of locations) {
    if (!addresses.has(contract)) addresses.set(contract, contractAddress(kernel, memory, contract));
  }
  const order = [...addresses].sort(([, a], [, b]) => Buffer.compare(a, b));
  const rank = new Map(order.map(([contract], position) => [contract, position]));
  locations.sort((a, b) => {
    const byContract = (rank.get(a.contract) as number) - (rank.get(b.contract) as number);
    return byContract !== 0 ? byContract : Buffer.compare(a.key, b.key);
  });
  const digest = new StateDigest();
  for (const { contract, key, value } of locations) digest.add(addresses.get(contract) as Uint8Array, key, value);
  return digest.end();
}

function committedLocations(kernel: KernelExports, memory: WebAssembly.Memory): CommittedLocation[] {
  const view = new DataView(memory.buffer);
  const absent = kernel.ABSENT.value >>> 0;
  const used = view.getUint32(kernel.AT_LOCATIONS_USED.value, true);
  const locations: CommittedLocation[] = [];
  for (let id = 0; id < used; id++) {
    const location = kernel.locationsBase.value + id * kernel.LOCATION_SIZE.value;
    const keyLength = kernel.keyLength(location);
    if (keyLength === 0) continue;
    const record = view.getUint32(location + kernel.LOCATION_COMMITTED.value, true);
    const length = view.getUint32(record, true);
    if (length === absent) continue;
    locations.push({
      contract: kernel.locationContract(location),
      key: copy(memory, kernel.keyBytes(location) >>> 0, keyLength),
      value: copy(memory, record + 8, length),
    });
  }
  return locations;
}

function copy(memory: WebAssembly.Memory, address: number, length: number): Buffer {
  return Buffer.from(new Uint8Array(memory.buffer, address, length));
}
