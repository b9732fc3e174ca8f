import {
  type BlockContext,
  type BlockHeader,
  type BlockResult,
  type Contract,
  ContractCodeError,
  createRuntime,
  type DeployedContract,
  FirstCallError,
  type FirstCallOptions,
  type Receipt,
  type Runtime,
  type RuntimeOptions,
  type Store,
  type StoredChain,
  type Transaction,
} from '../index.js';
import { AddressBook, contractAddress } from './address-book.js';
import { CallReader, type NamedContract } from './call-reader.js';
import type { GenesisWasm } from './contract-code.js';
import type { Genesis, GenesisContract } from './genesis.js';
import { readGenesisInit } from './genesis-init.js';
import { hex } from './hex.js';
import { FileError, type JsonField } from './json-field.js';

/** What executing a block would give. */
export interface Rehearsal extends BlockResult {
  /** Around `fork.execute(block)`, in milliseconds. */
  readonly wallMs: number;
}

/** A runtime with the names of its contracts: brought to the state of a genesis, or going on with the chain of a store. */
export class Chain implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly contracts: readonly NamedContract[];
  readonly addresses: AddressBook;
  readonly reader: CallReader;
  /** Of every block that is made here. */
  #context: Partial<BlockContext>;

  private constructor(
    runtime: Runtime,
    contracts: readonly NamedContract[],
    addresses: AddressBook,
    context: Partial<BlockContext>,
  ) {
    this.runtime = runtime;
    this.contracts = contracts;
    this.addresses = addresses;
    this.reader = new CallReader(addresses, contracts);
    this.#context = context;
  }

  /**
   * Deploy the genesis's contracts and execute its first calls as one block.
   * @param check looks at the runtime before that.
   * @throws FileError where a first call is wrong or does not succeed; BlockStmError as the runtime does.
   */
  static async begin(
    genesis: Genesis,
    wasm: GenesisWasm,
    options: RuntimeOptions,
    check: (runtime: Runtime) => void = () => {},
  ): Promise<Chain> {
    const { addresses, context } = genesis;
    return started(options, async (runtime) => {
      check(runtime);
      const contracts: NamedContract[] = [];
      for (const contract of genesis.contracts) contracts.push(await deploy(runtime, contract, wasm, genesis));
      const chain = new Chain(runtime, contracts, addresses, context);
      await chain.#executeFirstCalls(genesis.calls);
      return chain;
    });
  }

  /** Go on with the chain of a store. Blocks that are made have the chain id, the timestamp and the seed of the last one. @throws BlockStmError */
  static async resume(store: Store, options: RuntimeOptions): Promise<Chain> {
    return started({ ...options, store }, async (runtime) => {
      const { head, contracts: stored } = await chainOf(store);
      const addresses = new AddressBook();
      const contracts = stored.map(({ address }) => nameContract(runtime.contract(address) as Contract, addresses));
      return new Chain(runtime, contracts, addresses, head === undefined ? {} : contextAfter(head));
    });
  }

  /** Of the last block that is durable. Needs a store. */
  get head(): BlockHeader | undefined {
    return this.runtime.head;
  }

  /** Give the blocks that are made from now on this time, in Unix seconds. @throws FileError where it is before that of the last block. */
  moveTo(timestamp: bigint): void {
    const { timestamp: last = 0n } = this.#context;
    if (timestamp < last)
      throw new FileError(`error: --timestamp ${timestamp}: expected at least ${last}, as the last block has`);
    this.#context = { ...this.#context, timestamp };
  }

  deploy(wasm: Uint8Array, address: Uint8Array, init?: FirstCallOptions): Promise<DeployedContract> {
    return this.runtime.deploy(wasm, { address, context: this.#context, ...(init !== undefined && { init }) });
  }

  /** Whoever asks has seen to it that the code is for what is stored. */
  upgrade(address: Uint8Array, wasm: Uint8Array, migrate?: FirstCallOptions): Promise<DeployedContract> {
    const call = migrate !== undefined && { migrate };
    return this.runtime.upgrade(address, wasm, { context: this.#context, allowUnsafe: true, ...call });
  }

  /** Whether an upgrade would be done. Nothing is changed. @throws what it would throw. */
  async rehearseUpgrade(address: Uint8Array, wasm: Uint8Array, migrate?: FirstCallOptions): Promise<void> {
    await using fork = this.runtime.fork();
    const call = migrate !== undefined && { migrate };
    await fork.upgrade(address, wasm, { context: this.#context, allowUnsafe: true, ...call });
  }

  execute(transactions: readonly Transaction[]): Promise<BlockResult> {
    return this.runtime.execute({ transactions, context: this.#context });
  }

  /** What executing a block here would give. Nothing is changed, and the result stays whole when the chain is closed. */
  async rehearse(transactions: readonly Transaction[]): Promise<Rehearsal> {
    await using fork = this.runtime.fork();
    const start = performance.now();
    const result = await fork.execute({ transactions, context: this.#context });
    const wallMs = performance.now() - start;
    const { height, receipts, writeSet, stats, telemetry } = result;
    const stateHash = await result.stateHash();
    return {
      height,
      receipts,
      writeSet,
      stats,
      telemetry,
      wallMs,
      stateHash: async () => stateHash,
      get durable() {
        return result.durable;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.close();
  }

  async #executeFirstCalls(calls: readonly JsonField[]): Promise<void> {
    if (calls.length === 0) return;
    const { receipts } = await this.execute(calls.map((call) => this.reader.read(call)));
    for (const receipt of receipts) {
      if (receipt.status !== 'ok') failFirstCall(calls[receipt.index] as JsonField, receipt);
    }
  }
}

/** A chain on a runtime of its own, which is closed where the chain cannot be made. */
async function started(options: RuntimeOptions, make: (runtime: Runtime) => Promise<Chain>): Promise<Chain> {
  const runtime = await createRuntime({ ...options, backtraces: true });
  try {
    return await make(runtime);
  } catch (cause) {
    await runtime.close();
    throw cause;
  }
}

async function chainOf(store: Store): Promise<StoredChain> {
  const view = await store.view();
  view.close();
  return view.chain;
}

function contextAfter({ chainId, timestamp, seed }: BlockHeader): Partial<BlockContext> {
  return { chainId, timestamp, seed };
}

/** A contract's own name is that which it has here only if its address is derived from it. */
function nameContract(contract: Contract, addresses: AddressBook): NamedContract {
  const { address } = contract;
  const name = contract.interface?.name;
  if (name === undefined || hex(contractAddress(name)) !== hex(address)) {
    addresses.addDeployed(address);
    return { name: hex(address), contract };
  }
  addresses.addContract(name);
  return { name, contract };
}

async function deploy(
  runtime: Runtime,
  genesisContract: GenesisContract,
  modules: GenesisWasm,
  { context, addresses }: Genesis,
): Promise<NamedContract> {
  const { name, address, code, init: field } = genesisContract;
  const wasm = modules.get(code.path) as Uint8Array;
  try {
    const init = readGenesisInit(genesisContract, wasm, addresses);
    return { name, contract: await runtime.deploy(wasm, { address, context, ...(init !== undefined && { init }) }) };
  } catch (cause) {
    if (cause instanceof FirstCallError) failFirstCall(field.present ? field : code.field, cause.receipt, 'init');
    if (cause instanceof ContractCodeError) code.field.fail(`cannot deploy (${cause.code}): ${cause.message}`);
    throw cause;
  }
}

function failFirstCall(field: JsonField, { status, error }: Receipt, call = 'first'): never {
  const reason = error === undefined ? '' : ` (${error.code}): ${error.message}`;
  return field.fail(`the ${call} call did not succeed: ${status}${reason}`);
}
