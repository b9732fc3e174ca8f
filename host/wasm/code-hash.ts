import { createHash } from 'node:crypto';
import { GAS_SCHEDULE_VERSION } from './gas-schedule.js';

/** What identifies a contract's code, 64 hex digits: with another version of the gas schedule the same bytes can have other results. */
export function codeHash(wasm: Uint8Array): string {
  const version = Buffer.alloc(4);
  version.writeUInt32LE(GAS_SCHEDULE_VERSION);
  return createHash('sha256').update(version).update(wasm).digest('hex');
}
