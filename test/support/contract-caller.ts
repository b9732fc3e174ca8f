// Calls contracts on the reference host by name, with named arguments.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeOutput, encodeInput, type Value } from '../../dist/host/contract/codec.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import { readInterface } from '../../dist/host/contract/module-interface.js';
import { type ReferenceContext, ReferenceContract, type ReferenceReceipt } from './reference-host.js';

export interface NamedReceipt extends ReferenceReceipt {
  /** The decoded output; undefined for a method without one and for a call that failed. */
  readonly value: Value | undefined;
}

/** A contract on the reference host. */
export class ContractCaller {
  readonly contract: ReferenceContract;
  readonly interface: ContractInterface;

  constructor(wasm: Uint8Array, context: Partial<ReferenceContext> = {}) {
    const found = readInterface(new WebAssembly.Module(Uint8Array.from(wasm)));
    if (found === undefined) throw new Error('the contract has no interface section');
    this.interface = found;
    this.contract = new ReferenceContract(wasm, undefined, context);
  }

  call(sender: string, method: string, args: Readonly<Record<string, unknown>> = {}): NamedReceipt {
    return this.callEncoded(sender, method, encodeInput(this.interface, method, args));
  }

  callEncoded(sender: string, method: string, input: Uint8Array): NamedReceipt {
    const receipt = this.contract.call({ sender: addressOf(sender), method, input });
    const value = receipt.status === 'ok' ? decodeOutput(this.interface, method, receipt.output) : undefined;
    return { ...receipt, value };
  }

  /** The result of a call that must succeed. */
  value(sender: string, method: string, args: Readonly<Record<string, unknown>> = {}): Value | undefined {
    const receipt = this.call(sender, method, args);
    if (receipt.status !== 'ok') throw new Error(`${method} ended ${receipt.status}: ${receipt.message}`);
    return receipt.value;
  }
}

/** The built Wasm of a sample contract. */
export function sampleContract(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(new URL(`../../dist/contracts/${name}.wasm`, import.meta.url)));
}

/** The address of a named account. */
export function addressOf(name: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(`blockstm.account:${name}`).digest());
}

/** One of an address's four little-endian words. */
export function wordOf(address: Uint8Array, index: number): bigint {
  return new DataView(address.buffer, address.byteOffset).getBigUint64(index * 8, true);
}
