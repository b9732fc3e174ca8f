import { readFile } from 'node:fs/promises';
import type { KernelExports } from '../engine/kernel.js';

type Constant = { readonly value: number };

/** What the test build exports besides the kernel's own (kernel-source.ts, assembly/explore). */
export interface ExploredExports extends KernelExports {
  complete(): void;
  marksOf(worker: number): number;
  intern(contract: number, key: number, length: number): number;
  push(word: bigint): void;
  lookup(keyLength: number): number;
  read(slot: number): number;
  take(): bigint;
  write(slot: number, length: number): void;
  remove(slot: number): void;
  add(slot: number, amount: bigint, most: bigint): number;
  subtract(slot: number, amount: bigint, least: bigint): number;
  output(length: number): void;
  revert(length: number): void;

  takeChunks(): void;
  setRegions(from: number, end: number): void;
  setHashed(from: number, shared: number, own: number, workers: number, isAlike: number): void;
  setOwned(chunks: number, staging: number, slotBytes: number): void;
  setLookahead(range: number): void;
  keepState(to: number): number;
  putBack(from: number): void;
  setTable(path: number, table: number, slots: number, known: number): void;
  enterState(depth: number, extra: number): number;
  leaveState(depth: number, isEnd: number): void;
  statesSeen(): number;
  pathsOf(depth: number): number;
  knownOf(depth: number): number;
  placesOf(depth: number): number;
  saveGlobals(to: number): void;
  restoreGlobals(from: number): void;
  setCursor(address: number): void;
  asyncify_start_unwind(data: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(data: number): void;
  asyncify_stop_rewind(): void;
  asyncify_get_state(): number;

  readonly AT_EXECUTION: Constant;
  readonly AT_WAVE: Constant;
  readonly AT_PARKED: Constant;
  readonly LOCATION_CHAIN: Constant;
  readonly LOCATION_TOWER: Constant;
  readonly TX_ACCESSES: Constant;
  readonly RUNS: Constant;
  readonly STAGING_RUNS: Constant;
  readonly STAGING_LINKS: Constant;
  readonly STAGING_ACCESSES: Constant;
  readonly stagingBase: Constant;
  readonly GLOBALS_SHARED: Constant;
  readonly GLOBALS_OF_CALL: Constant;
  readonly GLOBALS_ALL: Constant;
}

/** The test build that came with the package. */
export async function compileShipped(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('../../explore/kernel.wasm', import.meta.url)));
}
