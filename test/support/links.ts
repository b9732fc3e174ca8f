import { compile } from '../../dist/host/contract/index.js';

/** A contract that calls the next one like it, and fails where it is told to. Link `n` is at the address whose first word is `n`. */
export async function linkWasm(): Promise<Uint8Array> {
  const { wasm } = await compile({ name: 'link', source: LINK });
  return wasm;
}

export function linkAddress(link: number): Uint8Array {
  const address = new Uint8Array(32);
  new DataView(address.buffer).setUint32(0, link, true);
  return address;
}

/** Ways to fail, as `pass` takes them, with the status and the code of the failure. */
export const WAYS = [
  ['reverted', 'revert'],
  ['trapped', 'unreachable'],
  ['outOfGas', 'outOfGas'],
  ['trapped', 'memoryLimit'],
  ['trapped', 'stackLimit'],
  ['trapped', 'slot'],
  ['invalid', 'badInput'],
] as const;

const LINK = `
import { abi, Address, context, Counter, emit, Map, revert, trap, Value } from "blockstm/assembly";
import { call, stageMethod, stageTarget, tryCall } from "blockstm/assembly/call";

const total = new Counter("total");
const last = new Value<u64>("last");
const seen = new Map<u64, string>("seen");
@event
class Noted {
  constructor(readonly level: u64, readonly by: Address) {}
}
@event
class Passed {
  constructor(readonly level: u64) {}
}

/**
 * Link number \`level\` of \`levels\`: counts, writes, announces, passes the call on, and does so once more. \`failAt\` fails in the given way before the second time; links
 * whose bit is set in \`tried\` go on where the next one fails. Returns a number that tells what became of those above.
 */
export function pass(level: u32, levels: u32, failAt: u32, way: u32, tried: u64): u64 {
  if (context.self().word0 != level) revert("another contract's address");
  total.add(1);
  last.set(level);
  emit(new Noted(<u64>level, context.sender()));
  let told: u64 = 0;
  if (level < levels) {
    stageTarget(new Address(level + 1));
    const name = stageMethod("pass");
    abi.push(level + 1);
    abi.push(levels);
    abi.push(failAt);
    abi.push(way);
    abi.push(tried);
    if (tried & (1 << (<u64>level))) {
      const result = tryCall<u64>(name, 40);
      if (!result.ok) seen.set(<u64>result.status, result.message);
      told = result.ok ? result.value : <u64>result.status * 100;
    } else {
      told = call<u64>(name, 40);
    }
  }
  if (level == failAt) fail(way);
  total.add(2);
  emit(new Passed(<u64>level));
  return told + level;
}

function fail(way: u32): void {
  if (way == 0) revert("told to");
  if (way == 1) trap();
  if (way == 2) while (total.get() < u64.MAX_VALUE) total.add(0);
  if (way == 3) last.set(new StaticArray<u8>(20 << 20).length);
  if (way == 4) last.set(recurse(way));
  if (way == 5) abi.remove(4321);
  if (way == 6) { abi.push(0x646162); abi.reject(3); }
}

function recurse(depth: u64): u64 { return recurse(depth + 1) * 3 + depth; }

/** Uses up some stack, passes the call on, and says how many links there were. The first goes \`first\` calls deep, each other one \`depth\`. */
export function dig(level: u32, levels: u32, first: u32, depth: u32): u64 {
  return digOn(level, levels, first, depth);
}

function digOn(level: u32, levels: u32, left: u32, depth: u32): u64 {
  if (left > 0) return digOn(level, levels, left - 1, depth) + 1 - 1;
  if (level == levels) return 1;
  stageTarget(new Address(level + 1));
  const name = stageMethod("dig");
  abi.push(level + 1);
  abi.push(levels);
  abi.push(depth);
  abi.push(depth);
  return call<u64>(name, 32) + 1;
}

export function state(): u64 { return total.get() * 1000 + last.get(); }
`;
