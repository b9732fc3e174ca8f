import { readFile } from 'node:fs/promises';
import {
  type Contract,
  createRuntime,
  type Receipt,
  type Runtime,
  type RuntimeOptions,
} from '../../dist/host/index.js';
import { hex } from './program-model.js';

export async function contractWasm(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../../dist/contracts/${name}.wasm`, import.meta.url));
}

/** Enough for any test, and little enough to have many at once. */
export const SMALL_MEMORY = { memoryMiB: 256, locations: 65_536, transactions: 65_536 } as const;

/** Runtimes that are made when first asked for and closed together. */
export class Runtimes {
  readonly #made = new Map<string, Promise<Runtime>>();

  async get(options: RuntimeOptions): Promise<Runtime> {
    const key = JSON.stringify(options);
    const known = this.#made.get(key) ?? createRuntime({ limits: SMALL_MEMORY, ...options });
    this.#made.set(key, known);
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    for (const runtime of this.#made.values()) await (await runtime).close();
  }
}

/** A receipt as one line of text, so that differences read well. */
export function describe(receipt: Receipt): string {
  const events = receipt.events.map(({ topic, data }) => `${hex(topic)}:${hex(data)}`).join(' ');
  const error = receipt.error === undefined ? '' : `${receipt.error.code} ${receipt.error.message}`;
  return `${receipt.index} ${receipt.status} gas ${receipt.gasUsed} [${hex(receipt.output)}] {${events}} ${error}`;
}

export type { Contract, Runtime };
