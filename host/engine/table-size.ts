import { readFileSync } from 'node:fs';
import type { KernelExports } from './kernel.js';

/** Pages of 64 KiB: the kernel notes where tables would begin, whether or not they fit. */
const PAGES = 1;
const PAGES_MAX = 65_536;

let kernel: Pick<KernelExports, 'format'> | undefined;

/** MiB of shared memory that the kernel's tables need, and the least that there is beside them: with less, `formatMemory` refuses. A runtime counts one worker more than it has, for the host. */
export function tableMiB(
  workers: number,
  limits: { readonly locations: number; readonly transactions: number },
): number {
  kernel ??= measuringKernel();
  const bytes = kernel.format(0n, workers, limits.locations, limits.transactions);
  return Number((bytes + 0xf_ffffn) >> 20n);
}

/** A kernel that never runs anything. */
function measuringKernel(): Pick<KernelExports, 'format'> {
  const module = new WebAssembly.Module(readFileSync(new URL('../../kernel.wasm', import.meta.url)));
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES_MAX, shared: true });
  const env = Object.fromEntries(
    WebAssembly.Module.imports(module).map(({ name, kind }) => [name, kind === 'memory' ? memory : () => 0]),
  );
  return new WebAssembly.Instance(module, { env }).exports as unknown as KernelExports;
}
