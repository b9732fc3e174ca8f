import type { ContractEvent, ContractFailure, Receipt, ReceiptStatus } from '../index.js';
import type { ContractCall } from './contract-call.js';

/** The receipt of a call that a test made: it knows the call. */
export class CallReceipt<Output = unknown> implements Receipt {
  readonly index: number;
  readonly status: ReceiptStatus;
  readonly gasUsed: number;
  readonly output: Uint8Array;
  readonly events: readonly ContractEvent[];
  declare readonly error?: ContractFailure;
  readonly #call: ContractCall<Output>;

  constructor(call: ContractCall<Output>, receipt: Receipt) {
    this.#call = call;
    this.index = receipt.index;
    this.status = receipt.status;
    this.gasUsed = receipt.gasUsed;
    this.output = receipt.output;
    this.events = receipt.events;
    if (receipt.error !== undefined) this.error = receipt.error;
  }

  /** Not shown by who prints a receipt or compares two. */
  get call(): ContractCall<Output> {
    return this.#call;
  }

  /** The decoded output; undefined where the call failed, or gives nothing. */
  get value(): Output | undefined {
    if (this.status !== 'ok') return undefined;
    return this.#call.contract.decodeOutput(this.#call.method, this.output) as Output | undefined;
  }
}
