// An interpreter of tiny programs, for tests that let random contracts loose on the engine: what a program reads decides
// what it writes, so that the write sets of two incarnations of one call differ.
//
// `run(code)` interprets `code`: operations of two little-endian 64-bit words each, the operation's number and its operand
// `x`. There is one register, `acc`, 64 bits without sign, 0 at first; arithmetic wraps around.
//
//   number  operation     effect
//   0       read          acc = summary of the value at key x; 0xabadcafeabadcafe where there is none
//   1       write         value at key x = the 8 bytes of acc
//   2       add           acc = acc + x
//   3       remove        key x has no value
//   4       has           acc = acc * 2 + (1 where key x has a value, otherwise 0)
//   5       skipIfOdd     where acc is odd, the next x operations are skipped (past the end: the program ends)
//   6       writeAt       value at key (acc mod x) = the 8 bytes of acc; x = 0 counts as 1
//   7       readAt        as `read`, of key (acc mod x); x = 0 counts as 1
//   8       writeLong     value at key x = (acc mod 301) bytes, byte i being the low 8 bits of (acc + i)
//   9       emit          event: topic the 8 bytes of x, data the 8 bytes of acc
//   10      output        the call's output = the 8 bytes of acc; the last one wins, without one it is empty
//   11      revert        reverts with the message "acc is " and acc in decimal
//   12      trap          the instruction `unreachable`
//   13      assert        reverts with "assertion of the program (program.ts:LINE:COLUMN)"
//   14      mix           acc = fold(acc, x), see shared/digest.ts
//   15      sender        acc = fold(acc, first word of the caller's address)
//   16      work          x rounds of integer work, without effect: makes the call last
//   17      count         the number at key x goes up by an amount, unless it would pass a bound; acc = acc * 2 + (1 where it did go up). The amount
//                         is acc where acc is odd, otherwise acc mod 1000; the bound 2^64 - 1 where bit 1 of acc is set, otherwise 2000
//   18      countDown     likewise down; the bound is 0 where bit 1 of acc is set, otherwise 100
//
// Any other number reverts with "no such operation: " and the number in decimal; code that is not a whole number of
// operations with "the code ends inside an operation", before anything runs.
//
// A key x is stored under 16 bytes: the word FNV-1a("cells") and the word x. A value is stored as it is, without a length
// in front: 8 bytes, or 0 to 300. The summary of a value of n bytes is n, with each of its words folded in, in order; the
// last word is padded with zeros.

import { abi, context, decode, Map, revert, trap } from "blockstm/assembly";
import { fold } from "./shared/digest";

enum Operation {
  Read,
  Write,
  Add,
  Remove,
  Has,
  SkipIfOdd,
  WriteAt,
  ReadAt,
  WriteLong,
  Emit,
  Output,
  Revert,
  Trap,
  Assert,
  Mix,
  Sender,
  Work,
  Count,
  CountDown,
}

const absentSummary: u64 = 0xabadcafeabadcafe;
const longestValue: u64 = 300;
const operationBytes = 16;

const cells = new Map<u64, u64>();

function amountOf(acc: u64): u64 {
  return acc & 1 ? acc : acc % 1000;
}

export function run(code: StaticArray<u8>): void {
  if (code.length % operationBytes != 0) revert("the code ends inside an operation");
  let acc: u64 = 0;
  for (let offset = 0; offset < code.length; offset += operationBytes) {
    const operation = wordAt(code, offset);
    const x = wordAt(code, offset + 8);
    if (operation > <u64>Operation.CountDown) revert(`no such operation: ${operation}`);
    switch (<i32>operation) {
      case Operation.Read:
        acc = summary(x);
        break;
      case Operation.Write:
        cells.set(x, acc);
        break;
      case Operation.Add:
        acc += x;
        break;
      case Operation.Remove:
        cells.delete(x);
        break;
      case Operation.Has:
        acc = acc * 2 + <u64>cells.has(x);
        break;
      case Operation.SkipIfOdd:
        if (acc & 1) {
          const left = <u64>(code.length - offset) / operationBytes - 1;
          if (x > left) return;
          offset += <i32>x * operationBytes;
        }
        break;
      case Operation.WriteAt:
        cells.set(acc % max<u64>(x, 1), acc);
        break;
      case Operation.ReadAt:
        acc = summary(acc % max<u64>(x, 1));
        break;
      case Operation.WriteLong:
        writeLong(x, acc);
        break;
      case Operation.Emit:
        abi.push(x);
        abi.push(acc);
        abi.event(8, 8);
        break;
      case Operation.Output:
        abi.push(acc);
        abi.output(8);
        break;
      case Operation.Revert:
        revert(`acc is ${acc}`);
        break;
      case Operation.Trap:
        trap();
        break;
      case Operation.Assert:
        assert(false, "assertion of the program");
        break;
      case Operation.Mix:
        acc = fold(acc, x);
        break;
      case Operation.Sender:
        acc = fold(acc, context.sender().word0);
        break;
      case Operation.Count:
        acc = acc * 2 + <u64>abi.add(cells.at(x).index, amountOf(acc), acc & 2 ? u64.MAX_VALUE : 2000);
        break;
      case Operation.CountDown:
        acc = acc * 2 + <u64>abi.subtract(cells.at(x).index, amountOf(acc), acc & 2 ? 0 : 100);
        break;
      case Operation.Work:
        work(x);
        break;
    }
  }
}

/** xorshift64 never comes to zero, which the compiler does not know. */
function work(rounds: u64): void {
  let state: u64 = 1;
  for (let round: u64 = 0; round < rounds; round++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  if (state == 0) trap();
}

function wordAt(code: StaticArray<u8>, offset: i32): u64 {
  let word: u64 = 0;
  for (let index = 7; index >= 0; index--) word = (word << 8) | code[offset + index];
  return word;
}

/** Starts a read of a cell and returns its value's length, or -1. */
function readCell(key: u64): i32 {
  return abi.read(cells.at(key).index);
}

function summary(key: u64): u64 {
  const length = readCell(key);
  if (length < 0) return absentSummary;
  let digest: u64 = length;
  for (let offset = 0; offset < length; offset += 8) digest = fold(digest, decode<u64>());
  return digest;
}

function writeLong(key: u64, acc: u64): void {
  const slot = cells.at(key);
  const length = <i32>(acc % (longestValue + 1));
  for (let offset = 0; offset < length; offset += 8) {
    let word: u64 = 0;
    for (let index = min(offset + 8, length) - 1; index >= offset; index--) word = (word << 8) | ((acc + index) & 0xff);
    abi.push(word);
  }
  abi.write(slot.index, length);
}
