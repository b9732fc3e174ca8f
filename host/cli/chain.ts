import { readFile } from 'node:fs/promises';
import {
  type BlockResult,
  ContractCodeError,
  createRuntime,
  type Receipt,
  type Runtime,
  type RuntimeOptions,
  type Transaction,
} from '../index.js';
import { CallReader, type NamedContract } from './call-reader.js';
import type { Genesis, GenesisCode, GenesisContract } from './genesis.js';
import type { JsonField } from './json-field.js';
import { showProgress } from './progress.js';

/** The Wasm of a genesis's contracts, by the path the genesis names. */
export type GenesisWasm = ReadonlyMap<string, Uint8Array>;

/** A runtime brought to the state of a genesis. */
export class Chain implements AsyncDisposable {
  readonly contracts: readonly NamedContract[];
  readonly reader: CallReader;
  readonly #runtime: Runtime;
  readonly #genesis: Genesis;

  private constructor(runtime: Runtime, genesis: Genesis, contracts: readonly NamedContract[]) {
    this.#runtime = runtime;
    this.#genesis = genesis;
    this.contracts = contracts;
    this.reader = new CallReader(genesis.addresses, contracts);
  }

  /**
   * Deploy the genesis's contracts and execute its first calls as one block.
   * @throws FileError where a first call is wrong or does not succeed; BlockStmError as the runtime does.
   */
  static async open(genesis: Genesis, wasm: GenesisWasm, options: RuntimeOptions): Promise<Chain> {
    const runtime = await createRuntime(options);
    try {
      const contracts: NamedContract[] = [];
      for (const contract of genesis.contracts) contracts.push(await deploy(runtime, contract, wasm));
      const chain = new Chain(runtime, genesis, contracts);
      await chain.#executeFirstCalls();
      return chain;
    } catch (cause) {
      await runtime.close();
      throw cause;
    }
  }

  execute(transactions: readonly Transaction[]): Promise<BlockResult> {
    return this.#runtime.execute({ transactions, context: this.#genesis.context });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime.close();
  }

  async #executeFirstCalls(): Promise<void> {
    const { calls } = this.#genesis;
    if (calls.length === 0) return;
    const { receipts } = await this.execute(calls.map((call) => this.reader.read(call)));
    for (const receipt of receipts) {
      if (receipt.status !== 'ok') failFirstCall(calls[receipt.index] as JsonField, receipt);
    }
  }
}

async function deploy(runtime: Runtime, genesisContract: GenesisContract, wasm: GenesisWasm): Promise<NamedContract> {
  const { name, address, code } = genesisContract;
  try {
    return { name, contract: await runtime.deploy(wasm.get(code.path) as Uint8Array, { address }) };
  } catch (cause) {
    if (cause instanceof ContractCodeError) code.field.fail(`cannot deploy (${cause.code}): ${cause.message}`);
    throw cause;
  }
}

/** Read or compile the contracts of a genesis, each file once. @throws FileError, and what the compiler throws. */
export async function loadWasm(genesis: Genesis): Promise<GenesisWasm> {
  const wasm = new Map<string, Uint8Array>();
  for (const { name, code } of genesis.contracts) {
    if (wasm.has(code.path)) continue;
    if (code.kind === 'source') showProgress(`compiling ${name}`);
    wasm.set(code.path, code.kind === 'source' ? await compileSource(code) : await readWasm(code));
  }
  return wasm;
}

async function compileSource({ path }: GenesisCode): Promise<Uint8Array> {
  // Loaded when there is something to compile: without AssemblyScript installed, built contracts still run.
  const { compile } = await import('../contract/index.js');
  return (await compile(path)).wasm;
}

async function readWasm({ path, field }: GenesisCode): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    return field.fail(`cannot read the contract: ${(cause as Error).message}`);
  }
}

function failFirstCall(field: JsonField, { status, error }: Receipt): never {
  const reason = error === undefined ? '' : ` (${error.code}): ${error.message}`;
  return field.fail(`the first call did not succeed: ${status}${reason}`);
}
