// Keeps bytes under keys, both just as the caller gives them: what the conformance suite of stores fills a chain with.

import { abi } from "blockstm/assembly";
import { stageBytes } from "./shared/bytes";

export function put(key: StaticArray<u8>, value: StaticArray<u8>): void {
  const slot = lookup(key);
  abi.write(slot, stageBytes(value));
}

export function remove(key: StaticArray<u8>): void {
  abi.remove(lookup(key));
}

export function announce(topic: StaticArray<u8>, data: StaticArray<u8>): void {
  const length = stageBytes(topic);
  abi.event(length, stageBytes(data));
}

function lookup(key: StaticArray<u8>): i32 {
  return abi.lookup(stageBytes(key));
}
