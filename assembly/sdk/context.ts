// What a call can know about itself and its block.

import * as abi from "./abi";
import { Address, takeAddress } from "./address";

export namespace context {
  /** Who calls. */
  @inline
  export function sender(): Address {
    abi.sender();
    return takeAddress();
  }

  /** This contract. */
  @inline
  export function self(): Address {
    abi.self();
    return takeAddress();
  }

  /** The block's position in the chain. */
  @inline
  export function height(): u64 {
    return abi.height();
  }

  /** The block's time, in seconds since 1970. */
  @inline
  export function timestamp(): u64 {
    return abi.timestamp();
  }

  @inline
  export function chainId(): u64 {
    return abi.chainId();
  }

  /**
   * The block's 32-byte seed as four little-endian words: chosen by who makes the block, the same for every call of it, and public. No secret and no random number to bet on: its maker knows it
   * before any call is in the block.
   */
  export function seed(): StaticArray<u64> {
    abi.seed();
    const words = new StaticArray<u64>(4);
    for (let index = 0; index < 4; index++) words[index] = abi.take();
    return words;
  }
}
