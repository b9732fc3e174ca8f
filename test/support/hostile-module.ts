import type { FindingCode } from '../../dist/host/index.js';

/** A module of an author who means harm, or does not care. */
export interface HostileModule {
  readonly name: string;
  /** Text, parsed by Binaryen, or the bytes themselves. */
  readonly module: string | Uint8Array;
  /** What `check` has to say against it, if it is refused. */
  readonly finding?: FindingCode;
  /** What becomes of calls to it, one after another, if it is not. */
  readonly calls?: readonly HostileCall[];
}

export interface HostileCall {
  readonly method: string;
  readonly gasLimit?: number;
  /** `status`, `status code`, or `ok` and the first word of the output as a number. */
  readonly receipt: string;
}

/** `run` is called with the default gas limit. */
export function call(method: string, receipt: string, gasLimit?: number): HostileCall {
  return { method, receipt, ...(gasLimit !== undefined && { gasLimit }) };
}

/** Imports that the modules use, and a function that makes a number the call's output. */
const PRELUDE = `
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "revert" (func $revert (param i32)))
  (import "blockstm" "lookup" (func $lookup (param i32) (result i32)))
  (import "blockstm" "write" (func $write (param i32 i32)))
  (import "blockstm" "event" (func $event (param i32 i32)))
  (func $give (param i32) (call $push (i64.extend_i32_s (local.get 0))) (call $output (i32.const 8)))`;

/** A module with imports and `$give(i32)`, which makes its argument the call's output. */
export function wat(body: string): string {
  return `(module ${PRELUDE} ${body})`;
}

/** A method `run` with this body. */
export function run(body: string): string {
  return `(func $run (export "run") ${body})`;
}

export function repeat(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}
