import { compile } from '../../dist/host/contract/index.js';

/** A contract that shows what a call is given, and takes storage to its limits. */
export async function probeWasm(): Promise<Uint8Array> {
  const { wasm } = await compile({ name: 'probe', source: PROBE });
  return wasm;
}

const PROBE = `
import { abi, Address, context, Map, revert, trap } from "blockstm/assembly";

const values = new Map<u64, u64>("values");

export function height(): u64 { return context.height(); }
export function timestamp(): u64 { return context.timestamp(); }
export function chainId(): u64 { return context.chainId(); }
export function seedWord(): u64 { abi.seed(); return abi.take(); }
export function self(): Address { return context.self(); }
export function sender(): Address { return context.sender(); }

/** Key of keyLength bytes, all 7; value of valueLength bytes, all 9. */
export function store(keyLength: u32, valueLength: u32): void {
  const slot = lookup(keyLength);
  pushBytes(9, valueLength);
  abi.write(slot, valueLength);
}

/** Length of the value stored under such a key, -1 without one; reverts where a byte is not 9. */
export function load(keyLength: u32): i32 {
  const length = abi.read(lookup(keyLength));
  for (let at = 0; at < length; at += 8) {
    let word = abi.take();
    for (let i = at; i < min(at + 8, length); i++) { if ((word & 255) != 9) revert("not 9"); word >>= 8; }
    if (word != 0) revert("padding");
  }
  return length;
}

export function erase(keyLength: u32): void { abi.remove(lookup(keyLength)); }

export function badSlot(): void { abi.remove(12345); }
export function tooFewWords(): void { abi.push(1); abi.lookup(9); }
export function emptyKey(): void { abi.lookup(0); }

/** Write, then fail in the given way: 0 revert, 1 unreachable, 2 division by zero, 3 division overflow, 4 endless recursion. */
export function writeThenFail(way: u32, zero: i32): void {
  values.set(1, 77);
  if (way == 0) revert("told to");
  if (way == 1) trap();
  if (way == 2) values.set(2, 5 / zero);
  if (way == 3) values.set(2, i32.MIN_VALUE / (zero - 1));
  if (way == 4) values.set(2, recurse(zero));
}
function recurse(depth: i32): i32 { return recurse(depth + 1) * 3 + depth; }

export function spin(rounds: u64): u64 {
  let x: u64 = 1;
  for (let i: u64 = 0; i < rounds; i++) x = x * 6364136223846793005 + 1442695040888963407;
  return x;
}

function lookup(keyLength: u32): u32 { pushBytes(7, keyLength); return abi.lookup(keyLength); }
function pushBytes(byte: u64, length: u32): void {
  for (let at: u32 = 0; at < length; at += 8) abi.push(byte * 0x0101010101010101);
}
`;
