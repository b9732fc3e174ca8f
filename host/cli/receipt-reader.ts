import {
  type BacktraceFrame,
  type BlockResult,
  type ContractEvent,
  type ContractFailure,
  type DecodedEvent,
  decodeEvent,
  decodeOutput,
  MisuseError,
  type Receipt,
  type Transaction,
  type Value,
} from '../index.js';
import type { NamedContract } from './call-reader.js';
import { hex } from './hex.js';

/** Why a call failed, for JSON: contracts by their names. */
export interface FailureDocument extends Omit<ContractFailure, 'backtrace'> {
  readonly backtrace?: readonly FrameDocument[];
}

export interface FrameDocument extends Omit<BacktraceFrame, 'contract'> {
  readonly contract?: string;
}

/** Reads receipts with the interfaces of the contracts that were called. */
export class ReceiptReader {
  readonly #contracts = new Map<string, NamedContract>();

  constructor(contracts: readonly NamedContract[]) {
    for (const named of contracts) this.#contracts.set(hex(named.contract.address), named);
  }

  /** What an `ok` call gave back; undefined where that is nothing, or not what an interface says. */
  result({ status, output }: Receipt, { contract, method }: Transaction): Value | undefined {
    const contractInterface = this.#contracts.get(hex(contract))?.contract.interface;
    if (status !== 'ok' || !contractInterface?.methods.some(({ name }) => name === method)) return undefined;
    try {
      return decodeOutput(contractInterface, method, output);
    } catch (error) {
      // A contract may give back something else than it announces. Its receipt is no less valid for that.
      if (error instanceof MisuseError) return undefined;
      throw error;
    }
  }

  /** An event with its fields; undefined where its contract's interface does not describe it, or not what it is. */
  event(event: ContractEvent): DecodedEvent | undefined {
    const contractInterface = this.#contracts.get(hex(event.contract))?.contract.interface;
    if (contractInterface === undefined) return undefined;
    try {
      return decodeEvent(contractInterface, event);
    } catch (error) {
      if (error instanceof MisuseError) return undefined;
      throw error;
    }
  }

  /**
   * Receipts as lines of JSON, in block order.
   * @param lines where each call stands in the block file.
   */
  format({ receipts }: BlockResult, transactions: readonly Transaction[], lines: readonly number[]): string {
    const text: string[] = [];
    for (const receipt of receipts) {
      const { index } = receipt;
      const document = this.document(receipt, transactions[index] as Transaction);
      text.push(`${JSON.stringify({ index, line: lines[index], ...document })}\n`);
    }
    return text.join('');
  }

  /** A receipt for JSON: bytes as `"0x"` and hex digits, contracts by their names. */
  document(receipt: Receipt, transaction: Transaction): object {
    const { status, gasUsed, output, events, error } = receipt;
    const result = this.result(receipt, transaction);
    return {
      status,
      gasUsed,
      output: hex(output),
      ...(result !== undefined && { result: plainJson(result) }),
      events: events.map((event) => {
        const { contract, topic, data } = event;
        const { name, fields } = this.event(event) ?? {};
        return {
          contract: this.nameOf(contract),
          topic: hex(topic),
          data: hex(data),
          ...(fields !== undefined && { name, fields: plainJson(fields) }),
        };
      }),
      ...(error !== undefined && { error: this.failure(error) }),
    };
  }

  /** Why a call failed, and where. */
  failure({ backtrace, ...failure }: ContractFailure): FailureDocument {
    if (backtrace === undefined) return failure;
    const frames = backtrace.map(({ contract, ...frame }) => {
      return contract === undefined ? frame : { ...frame, contract: this.nameOf(contract) };
    });
    return { ...failure, backtrace: frames };
  }

  /** The name of a contract; its address, where it has none that is known. */
  nameOf(address: Uint8Array): string {
    return this.#contracts.get(hex(address))?.name ?? hex(address);
  }
}

/** A value for JSON, which has no integers of 64 bits and more: they are strings, as in a block file. */
export function plainJson(value: Value): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainJson(field)]));
}
