import { readFileSync } from 'node:fs';
import {
  type AddressNames,
  type Block,
  type BlockResult,
  type Contract,
  createRuntime,
  type EncodedBlock,
  type ExecutorName,
  type Policy,
  type Runtime,
  type Transaction,
} from '../host/index.js';
import { builtContractPath } from './package.js';
import { paddedAddress } from './workloads/address.js';
import type { Workload, WorkloadCall } from './workloads/workload.js';

export interface ContenderOptions {
  readonly executor: ExecutorName;
  readonly workers: number;
  readonly policy?: Partial<Policy>;
  /** Blocks it will execute. */
  readonly blocks: number;
  /** Whether the workers write down what they do. Default false. */
  readonly telemetry?: boolean;
  /** The Wasm of the contracts, by name. Default: what is built in dist/contracts. */
  readonly wasm?: ReadonlyMap<string, Uint8Array>;
}

/** What the runtime allows by default, see `Limits`; a workload asks for more where it needs more. */
export const LOCATIONS_DEFAULT = 2 ** 20;
const TRANSACTIONS_DEFAULT = 2 ** 18;
const MEMORY_MIB = 1_024;

const SENDERS_KEPT = 200_000;

/** The limit of locations that `blocks` blocks of a workload need. */
export function locationsFor(workload: Workload, blocks: number): number {
  return Math.max(LOCATIONS_DEFAULT, workload.locations(blocks));
}

/** The limits that `blocks` blocks of a workload are executed within. */
export function contenderLimits(
  workload: Workload,
  blocks: number,
): { readonly memoryMiB: number; readonly locations: number; readonly transactions: number } {
  return {
    memoryMiB: MEMORY_MIB,
    locations: locationsFor(workload, blocks),
    transactions: Math.max(TRANSACTIONS_DEFAULT, workload.blockSize),
  };
}

/** A runtime with a workload's contracts deployed. */
export class Contender implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #contracts: ReadonlyMap<string, Contract>;
  /** An account has one array of bytes, as in a program that knows its accounts. */
  readonly #senders = new Map<string, Uint8Array>();

  private constructor(runtime: Runtime, contracts: ReadonlyMap<string, Contract>) {
    this.#runtime = runtime;
    this.#contracts = contracts;
  }

  static async start(workload: Workload, options: ContenderOptions): Promise<Contender> {
    const { executor, workers, blocks, policy = {}, telemetry = false } = options;
    const limits = contenderLimits(workload, blocks);
    const runtime = await createRuntime({ executor, workers, limits, policy, telemetry });
    try {
      return new Contender(runtime, await deployAll(runtime, workload, options.wasm));
    } catch (cause) {
      await runtime.close();
      throw cause;
    }
  }

  /** Both runtimes of a comparison have the same contracts, so that one's transactions are the other's too. */
  transactions(calls: readonly WorkloadCall[]): Block {
    return { transactions: calls.map((call) => this.#transaction(call)) };
  }

  /** The contract of this name, as it was deployed. */
  contract(name: string): Contract {
    return this.#contracts.get(name) as Contract;
  }

  /** What its contracts are called in the workload. */
  get addressNames(): AddressNames {
    const names = new Map([...this.#contracts].map(([name, { address }]) => [addressDigits(address), name]));
    return (address) => names.get(addressDigits(address));
  }

  encodeBlock(block: Block): Promise<EncodedBlock> {
    return this.#runtime.encodeBlock(block);
  }

  execute(block: Block | EncodedBlock): Promise<BlockResult> {
    return this.#runtime.execute(block);
  }

  /** Execute a block that brings the state to where another starts: every call has to succeed. */
  async prepare(block: Block): Promise<BlockResult> {
    const result = await this.execute(block);
    const { receipts } = result;
    for (const { index, status, error } of receipts) {
      if (status !== 'ok') throw new Error(`preparing the workload: call ${index} is ${status}: ${error?.message}`);
    }
    return result;
  }

  stateHash(): Promise<string> {
    return this.#runtime.stateHash();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime.close();
  }

  #transaction(call: WorkloadCall): Transaction {
    const contract = this.#contracts.get(call.contract) as Contract;
    return contract.transaction(this.#sender(call.sender), call.method, call.args);
  }

  #sender(hex: string): Uint8Array {
    const known = this.#senders.get(hex);
    if (known !== undefined) return known;
    // Workloads with new accounts in every block would otherwise fill it for ever.
    if (this.#senders.size >= SENDERS_KEPT) this.#senders.clear();
    const bytes = addressBytes(hex);
    this.#senders.set(hex, bytes);
    return bytes;
  }
}

async function deployAll(
  runtime: Runtime,
  workload: Workload,
  given: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Map<string, Contract>> {
  const wasm = new Map(given);
  const contracts = new Map<string, Contract>();
  for (const { name, address, wasm: file, init } of workload.contracts) {
    const code = wasm.get(file) ?? readFileSync(builtContractPath(file));
    wasm.set(file, code);
    const first = init && { args: init.args, sender: addressBytes(init.sender) };
    contracts.set(name, await runtime.deploy(code, { address: addressBytes(address), ...(first && { init: first }) }));
  }
  return contracts;
}

/** What maps of addresses are keyed by. */
export function addressDigits(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, address.byteLength).toString('hex');
}

/** The 32 bytes of an address in hexadecimal, padded on the left. */
export function addressBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(paddedAddress(hex).slice(2), 'hex'));
}
