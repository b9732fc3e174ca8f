import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';

export const USERS: NumericSchema = {
  type: 'integer',
  minimum: 2,
  maximum: 100_000,
  default: 10_000,
  description: 'accounts that the calls come from',
};

/** The addresses of a workload's users; they depend on nothing else. */
export function drawUsers(workload: string, count: number, seed: number): readonly string[] {
  const random = new RandomStream(seed, workload, 'users');
  return Array.from({ length: count }, () => random.hex(32));
}

/** Of the accounts that bring a state about and take no part in blocks. */
export function founder(workload: string, seed: number): string {
  return new RandomStream(seed, workload, 'founder').hex(32);
}
