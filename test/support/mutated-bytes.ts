import { expect } from 'vitest';
import { check } from '../../dist/host/index.js';
import { decode } from '../../dist/host/wasm/decode.js';
import { instrument } from '../../dist/host/wasm/instrument.js';
import { WasmError } from '../../dist/host/wasm/reader.js';
import type { Random } from './random.js';

/** Bytes of a module with something changed, cut off, put in or doubled. */
function mutate(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = [...bytes];
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(result.length);
    const kind = random.below(10);
    if (kind < 5) result[at] = random.below(256);
    else if (kind < 7) result[at] = (result[at] as number) ^ (1 << random.below(8));
    else if (kind < 8) result.splice(at, 0, random.below(256));
    else if (kind < 9) result.splice(at, 1 + random.below(3));
    else result.length = Math.max(1, at);
  }
  return Uint8Array.from(result);
}

export interface MutationCounts {
  readonly accepted: number;
  readonly malformed: number;
}

/**
 * Check that no bytes make the decoder throw anything but its own error, that `check` never throws, and that what it accepts is
 * valid for V8, is instrumented, and stays valid.
 */
export function checkMutations(random: Random, originals: readonly Uint8Array[], count: number): MutationCounts {
  let accepted = 0;
  let malformed = 0;
  for (let index = 0; index < count; index++) {
    const bytes = mutate(random, random.pick(originals));
    try {
      decode(bytes);
    } catch (error) {
      if (!(error instanceof WasmError)) throw error;
      malformed++;
    }
    if (check(bytes).length > 0) continue;
    accepted++;
    expect(WebAssembly.validate(bytes), Buffer.from(bytes).toString('hex')).toBe(true);
    expect(WebAssembly.validate(instrument(bytes)), Buffer.from(bytes).toString('hex')).toBe(true);
  }
  return { accepted, malformed };
}
