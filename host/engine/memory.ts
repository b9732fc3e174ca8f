import { MisuseError } from '../runtime/errors.js';
import type { Limits } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';
import { CALL_STACK_BYTES } from './stack.js';

const PAGES_PER_MIB = 16;

/** Reserve the shared memory of a runtime: all zero, and backed by real memory only where it is touched. @throws MisuseError `ERR_OPTION` */
export function reserveMemory(limits: Limits): WebAssembly.Memory {
  const pages = limits.memoryMiB * PAGES_PER_MIB;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new MisuseError('ERR_OPTION', `limits.memoryMiB: this process cannot reserve ${limits.memoryMiB} MiB`, {
      cause,
    });
  }
}

/** What a memory is laid out for. */
export interface MemoryShape {
  readonly limits: Omit<Limits, 'gas'>;
  readonly workers: number;
  /** Threads that the machine runs at once. */
  readonly parallelism: number;
}

/**
 * Lay the memory out for the workers and the host. `gasSchedule` holds what the kernel charges, in its order; `secrets` fills an
 * array with the random bytes that the hash of keys is seeded with. @throws MisuseError `ERR_OPTION` where the tables do not fit.
 */
export function formatMemory(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  { limits, workers, parallelism }: MemoryShape,
  gasSchedule: readonly number[],
  secrets: (bytes: Uint8Array) => void,
): void {
  const bytes = BigInt(limits.memoryMiB) << 20n;
  const least = kernel.format(bytes, workers, limits.locations, limits.transactions);
  if (least > bytes) {
    throw new MisuseError(
      'ERR_OPTION',
      `limits.memoryMiB: ${limits.memoryMiB} MiB are too few for the tables of ${limits.locations} locations, ` +
        `${limits.transactions} transactions and ${workers} workers, which need ${(least >> 20n) + 1n}`,
    );
  }
  const words = new Uint32Array(memory.buffer);
  words[kernel.AT_PARALLELISM.value >>> 2] = parallelism;
  words[kernel.AT_STACK_BYTES.value >>> 2] = CALL_STACK_BYTES;
  words.set(gasSchedule, kernel.AT_GAS_SCHEDULE.value >>> 2);
  secrets(new Uint8Array(memory.buffer, kernel.AT_SECRETS.value, kernel.SECRETS.value * 8));
}
