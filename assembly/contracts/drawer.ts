// Keeps bytes under keys, both just as the caller gives them: what the conformance suite of stores fills a chain with.

import { abi } from "blockstm/assembly";

export function put(key: StaticArray<u8>, value: StaticArray<u8>): void {
  const slot = lookup(key);
  stage(value);
  abi.write(slot, value.length);
}

export function remove(key: StaticArray<u8>): void {
  abi.remove(lookup(key));
}

export function announce(topic: StaticArray<u8>, data: StaticArray<u8>): void {
  stage(topic);
  stage(data);
  abi.event(topic.length, data.length);
}

function lookup(key: StaticArray<u8>): i32 {
  stage(key);
  return abi.lookup(key.length);
}

/** Unused bytes of the last word are zero. */
function stage(bytes: StaticArray<u8>): void {
  for (let at = 0; at < bytes.length; at += 8) {
    let word: u64 = 0;
    for (let index = min(at + 8, bytes.length) - 1; index >= at; index--) word = (word << 8) | bytes[index];
    abi.push(word);
  }
}
