// Digests and signatures, which the machine computes.

import * as abi from "./abi";
import { stageBytes } from "./codec";

/** SHA-256 of FIPS 180-4: 32 bytes. */
export function sha256(bytes: StaticArray<u8>): StaticArray<u8> {
  return digest(0, bytes);
}

/** Keccak-256 as Ethereum has it, with the padding of before SHA-3: 32 bytes. */
export function keccak256(bytes: StaticArray<u8>): StaticArray<u8> {
  return digest(1, bytes);
}

/** BLAKE3 without a key: 32 bytes. */
export function blake3(bytes: StaticArray<u8>): StaticArray<u8> {
  return digest(2, bytes);
}

/**
 * Whether `signature`, 64 bytes, is an ed25519 signature of `message` by `publicKey`, 32 bytes, after the rules of ZIP 215. False for whatever
 * is none, of whatever length.
 */
export function verifyEd25519(signature: StaticArray<u8>, message: StaticArray<u8>, publicKey: StaticArray<u8>): bool {
  if (signature.length != 64 || publicKey.length != 32) return false;
  stageBytes(changetype<usize>(signature), 64);
  stageBytes(changetype<usize>(publicKey), 32);
  stageBytes(changetype<usize>(message), message.length);
  return abi.verify(message.length) != 0;
}

function digest(kind: i32, bytes: StaticArray<u8>): StaticArray<u8> {
  stageBytes(changetype<usize>(bytes), bytes.length);
  abi.hash(kind, bytes.length);
  const taken = new StaticArray<u8>(32);
  for (let offset: usize = 0; offset < 32; offset += 8) store<u64>(changetype<usize>(taken) + offset, abi.take());
  return taken;
}
