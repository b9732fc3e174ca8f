/**
 * Digests and signatures of the contract interface. The driver computes them (host/engine/hashes.ts): from staged bytes, which are this
 * worker's own, and on bytes alone, so a call that runs again gets the same.
 *
 * A digest has a place of its own in the staging area: words can be pushed while it is taken.
 */
import { charge, chargeHash, verifyByteCost, verifyCost } from "./gas";
import { STAGED_CAPACITY, STAGING_DIGEST, stagingBase } from "./layout";
import { CODE_HASH_KIND, misuse } from "./result";

/** SHA-256, Keccak-256, BLAKE3: in the order of their numbers. */
const KINDS: u32 = 3;
export const DIGEST_LENGTH: u32 = 32;
/** Bytes in front of the message: the signature and the public key. */
export const SIGNED_LENGTH: u32 = 96;
/** All that can be staged; and of a message. */
export const MAX_HASHED_LENGTH: u32 = <u32>STAGED_CAPACITY;
export const MAX_MESSAGE_LENGTH: u32 = MAX_HASHED_LENGTH - SIGNED_LENGTH;

/** Writes the digest of the `length` bytes at `from` to `to`. */
@external("env", "digest")
declare function computeDigest(kind: u32, from: usize, length: u32, to: usize): void;

/** Returns 1 where the signature at `from`, of the key behind it, is one of the `length` bytes behind that; else 0. */
@external("env", "verify")
declare function verifySignature(from: usize, length: u32): i32;

export function chargeDigest(kind: u32, length: u32): void {
  if (kind >= KINDS) misuse(CODE_HASH_KIND);
  chargeHash(kind, length);
}

/** Where the digest is, until the next one. */
export function digest(kind: u32, bytes: usize, length: u32): usize {
  const to = stagingBase + STAGING_DIGEST;
  computeDigest(kind, bytes, length, to);
  return to;
}

export function chargeVerification(length: u32): void {
  charge(verifyCost + <i64>length * verifyByteCost);
}

/** Whether the signature at `bytes` is one of the message of `length` bytes. */
export function isSigned(bytes: usize, length: u32): bool {
  return verifySignature(bytes, length) != 0;
}
