// What a contract imports from "blockstm/assembly".

import * as abi from "./abi";

export { abi };
export { Address } from "./address";
export { checked } from "./checked";
export { CallOutcome, CallResult, CallStatus } from "./call";
export { decode, encode } from "./codec";
export { context } from "./context";
export { Counter } from "./counter";
export { CounterMap } from "./counter-map";
export { EnumerableMap } from "./enumerable-map";
export { EnumerableSet } from "./enumerable-set";
export { emit } from "./event";
export { blake3, keccak256, sha256, verifyEd25519 } from "./hash";
export { Map } from "./map";
export { onlyOwner, owner, Roles, setOwner } from "./owner";
export { require, revert, trap } from "./revert";
export { Set } from "./set";
export { Slot, Value } from "./storage";
export { u128 } from "./u128";
export { u256 } from "./u256";
export { Vector } from "./vector";
export { mulDiv, mulDivUp, squareRoot } from "./wide";
