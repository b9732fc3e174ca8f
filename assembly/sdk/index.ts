// What a contract imports from "blockstm/assembly".

import * as abi from "./abi";

export { abi };
export { Address } from "./address";
export { CallOutcome, CallResult, CallStatus } from "./call";
export { decode, encode } from "./codec";
export { context } from "./context";
export { Counter } from "./counter";
export { Event } from "./event";
export { Map } from "./map";
export { require, revert, trap } from "./revert";
export { Slot, Value } from "./storage";
export { mulDiv, mulDivUp, squareRoot } from "./wide";
