import { CapacityError, InvariantError, StoreError } from '../runtime/errors.js';
import type { Limits } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';
import type { WorkerFailure } from './protocol.js';

export function memoryExhausted({ memoryMiB }: Limits, options?: { cause: unknown }): CapacityError {
  const message = `limits.memoryMiB: the ${memoryMiB} MiB of shared memory are full`;
  return new CapacityError('limits.memoryMiB', message, options);
}

/** The error for a fault of the kernel. `failures` says what the workers have to say about it. */
export async function faultError(
  kernel: KernelExports,
  fault: number,
  limits: Limits,
  failures: () => Promise<readonly WorkerFailure[]>,
): Promise<Error> {
  if (fault === kernel.FAULT_MEMORY.value) return memoryExhausted(limits);
  if (fault === kernel.FAULT_LOCATIONS.value) {
    const message = `limits.locations: the block looks up more than the ${limits.locations} locations there is room for`;
    return new CapacityError('limits.locations', message);
  }
  if (fault === kernel.FAULT_CONTRACT_MEMORY.value) {
    const message = "the machine refused a contract memory within the contract's limit: it has too little left";
    return new CapacityError('memory', message);
  }
  const told = await failures();
  const text = told.map(({ message }) => message).join('; ');
  if (fault === kernel.FAULT_STORE.value) {
    return new StoreError(
      told.find(({ code }) => code !== undefined)?.code ?? 'ERR_STORE',
      `reading the state: ${text}`,
    );
  }
  return new InvariantError(`a worker met what cannot be: ${text}`);
}
