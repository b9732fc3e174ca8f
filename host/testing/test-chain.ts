import {
  type BlockContext,
  type BlockResult,
  type BlockStatistics,
  type Branch,
  type ClientTypes,
  type ContractClient,
  createRuntime,
  type InitCall,
  MisuseError,
  type Receipt,
  type Runtime,
  type RuntimeOptions,
  type Transaction,
  type WriteSetEntry,
} from '../index.js';
import { type Account, type AccountLike, accountOf, hex } from './account.js';
import { CallReceipt } from './call-receipt.js';
import { ContractCall } from './contract-call.js';
import { type ContractInput, interfaceOf, moduleOf } from './contract-source.js';
import { GasRecord } from './gas-record.js';
import { History, type HistoryEntry } from './history.js';
import type { InitArguments, Methods } from './methods.js';
import { addressed, type CallMaker, type CallOptions, TestContract } from './test-contract.js';
import { closeAtEnd, wasClosed } from './vitest-end.js';

/** Enough for any test, and ready at once. */
const LIMITS = { memoryMiB: 256, locations: 65_536, transactions: 65_536 } as const;

/** 2023-11-14T22:13:20Z: not 0, which contracts take for "never". */
const START_TIME = 1_700_000_000n;

/** Default: two workers, the executor `block-stm`, and failures that say where they come from. */
export interface TestChainOptions
  extends Pick<RuntimeOptions, 'workers' | 'executor' | 'policy' | 'backtraces' | 'logger'> {
  /** Default 256 MiB of memory, 65,536 locations, 65,536 calls in a block. */
  readonly limits?: RuntimeOptions['limits'];
  /** Unix time in seconds at the beginning. Default 1,700,000,000. */
  readonly time?: bigint | number;
  /** What the blocks' context says. Default 0. */
  readonly chainId?: bigint;
  /** 32 bytes, what the blocks' context says. Default all zero. */
  readonly seed?: Uint8Array;
}

export interface TestDeployOptions<Types extends ClientTypes = ClientTypes> {
  /** The contract's client, for the types of its methods and events. */
  readonly client?: ContractClient<Types>;
  /** What the contract is called in messages. Default: its name in its interface. */
  readonly name?: string;
  /** 32 bytes. Default: made from the code and the number of contracts before it. */
  readonly address?: Uint8Array;
  /** The arguments of its constructor. May be left out where that takes none, or there is none. */
  readonly init?: InitArguments<Types>;
  /** Who calls the constructor. Default: the account "deployer". */
  readonly as?: AccountLike;
}

/** A block that was executed. */
export interface TestBlock {
  readonly height: bigint;
  /** In the order of the calls. */
  readonly receipts: readonly CallReceipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: BlockStatistics;
}

/** What a block would give. */
export interface Rehearsal extends Pick<BlockResult, 'receipts' | 'writeSet' | 'stats'> {
  /** Of the state after it. */
  readonly stateHash: string;
}

declare const snapshotOf: unique symbol;

/** A state to come back to, see `TestChain.snapshot`. */
export interface ChainSnapshot {
  readonly [snapshotOf]: TestChain;
}

/** Where a chain is. */
interface Position {
  readonly branch: Branch;
  readonly time: bigint;
  readonly history: History | undefined;
}

class KeptPosition implements Position {
  declare readonly [snapshotOf]: TestChain;
  readonly chain: TestChain;
  readonly branch: Branch;
  readonly time: bigint;
  readonly history: History | undefined;

  constructor(chain: TestChain, { branch, time, history }: Position) {
    this.chain = chain;
    this.branch = branch;
    this.time = time;
    this.history = history;
  }
}

/**
 * A chain of its own, in memory, ready within 300 ms. Closed by itself at the end of the test file where vitest runs it and the file imports this module;
 * elsewhere by `close` or `await using`.
 * @throws MisuseError `ERR_OPTION`
 */
export async function testChain(options: TestChainOptions = {}): Promise<TestChain> {
  return TestChain.create(options);
}

/** A chain for tests: real contracts, real gas, the real scheduler; the past can be had back, and the time set. */
export class TestChain implements AsyncDisposable, CallMaker {
  /** What executes its blocks. The chain may be on a fork of it. */
  readonly runtime: Runtime;
  readonly #context: Partial<BlockContext>;
  #branch: Branch;
  #time: bigint;
  #history: History | undefined;
  /** Names of addresses, by their digits. */
  readonly #names = new Map<string, string>();
  /** Blocks and views that have begun. */
  #running = 0;
  readonly #gas = GasRecord.fromEnvironment();

  private constructor(runtime: Runtime, time: bigint, context: Partial<BlockContext>) {
    this.runtime = runtime;
    this.#branch = runtime;
    this.#time = time;
    this.#context = context;
  }

  /** @param open - What makes its runtime. */
  static async create(options: TestChainOptions = {}, open = createRuntime): Promise<TestChain> {
    const { time = START_TIME, chainId, seed, limits, ...rest } = options;
    const begin = seconds('time', time);
    const context = { ...(chainId !== undefined && { chainId }), ...(seed !== undefined && { seed }) };
    const runtime = await open({
      workers: 2,
      executor: 'block-stm',
      backtraces: true,
      ...rest,
      limits: { ...LIMITS, ...limits },
    });
    const chain = new TestChain(runtime, begin, context);
    closeAtEnd(chain);
    return chain;
  }

  /** Of the last block. */
  get height(): bigint {
    return this.#branch.height;
  }

  /** Unix time in seconds, of the last block and of the next. Stands still unless it is moved. */
  get time(): bigint {
    return this.#time;
  }

  /** What the chain is on: the runtime, or a fork of it after a revert. */
  get branch(): Branch {
    return this.#branch;
  }

  /** What led here. */
  get history(): readonly HistoryEntry[] {
    return History.entries(this.#history);
  }

  /** The account of this name, the same one every time. @throws MisuseError for what is no name. */
  account(name: string): Account {
    return this.#known(accountOf(name));
  }

  /** What somebody can do: `chain.as(alice).on(token).transfer(...)` is `token.as(alice).transfer(...)`. */
  as(who: AccountLike): Actor {
    return new Actor(this, this.#known(accountOf(who)));
  }

  /**
   * Compile a contract, unless it was before, and deploy it, with its constructor called, in a block of its own.
   * @throws CompileError; what `Branch.deploy` throws: an InitError with the receipt where the constructor fails; MisuseError `ERR_INTERFACE` for a client of another contract.
   */
  async deploy<Types extends ClientTypes = ClientTypes>(
    input: ContractInput,
    options: TestDeployOptions<Types> = {},
  ): Promise<TestContract<Types>> {
    const { wasm, name: fallback } = await moduleOf(input);
    const { address, client } = options;
    const init = await initCall(wasm, options.init, this.#known(accountOf(options.as ?? 'deployer')));
    const given = { ...(address !== undefined && { address }), ...(init !== undefined && { init }) };
    const deployed = await this.#busy(this.#branch.deploy(wasm, { ...given, context: this.#nextContext() }));
    // That its types are those of this contract.
    if (client !== undefined) this.#branch.contract(client, deployed.address);
    const name = this.#freeName(options.name ?? deployed.interface?.name ?? fallback);
    this.#names.set(hex(deployed.address), name);
    this.#note({ kind: 'deployment', name, address: deployed.address, wasm, init });
    return new TestContract<Types>(name, deployed, this);
  }

  /**
   * Execute calls as one block. Calls that fail do not fail it: they say so in their receipts.
   * @throws MisuseError for calls of another chain; what `Runtime.execute` throws.
   */
  async block(calls: readonly ContractCall[]): Promise<TestBlock> {
    for (const call of calls) this.#refuseForeign(call);
    const result = await this.#execute(calls.map(({ transaction }) => transaction));
    const receipts = calls.map((call, index) => new CallReceipt(call, result.receipts.get(index)));
    for (const [index, { status }] of receipts.entries()) {
      if (status === 'ok') this.#note({ kind: 'call', transaction: (calls[index] as ContractCall).transaction });
    }
    this.#gas?.add(receipts, result.stats);
    return { height: result.height, receipts, writeSet: result.writeSet, stats: result.stats };
  }

  async make(call: ContractCall): Promise<Receipt> {
    const { receipts } = await this.block([call]);
    return receipts[0] as CallReceipt;
  }

  async look(call: ContractCall): Promise<Receipt> {
    return this.#busy(this.#branch.view(call.transaction));
  }

  /** What a block would give: it is executed on a fork, which is dropped. Its calls may have been made for another chain, on which all contracts have the same addresses. */
  async rehearse(calls: readonly Pick<ContractCall, 'transaction'>[]): Promise<Rehearsal> {
    return this.#busy(this.#rehearse(calls.map(({ transaction }) => transaction)));
  }

  async #rehearse(transactions: readonly Transaction[]): Promise<Rehearsal> {
    await using fork = this.#branch.fork();
    const result = await fork.execute({ transactions, context: this.#nextContext() });
    const { receipts, writeSet, stats } = result;
    return { receipts, writeSet, stats, stateHash: await result.stateHash() };
  }

  /**
   * Let time and blocks go by: an empty block ends it, so that views see the new time too.
   * @param by - Default: no seconds, one block.
   */
  async advance(by: { readonly seconds?: bigint | number; readonly blocks?: bigint | number }): Promise<void> {
    const { seconds: later = 0n, blocks = 1n } = by;
    const count = seconds('blocks', blocks);
    if (count < 1n) throw new MisuseError('ERR_ARGUMENT', 'advance: blocks: expected 1 or more, since a block ends it');
    this.#time += seconds('seconds', later);
    await this.#execute([], this.#branch.height + count);
  }

  /** Set the time, forwards or backwards: an empty block does it. @param time - Unix time in seconds. */
  async setTime(time: bigint | number): Promise<void> {
    this.#time = seconds('time', time);
    await this.#execute([]);
  }

  /**
   * Remember where the chain is. Takes no time and no memory at first; then memory for what differs.
   * @throws MisuseError `ERR_ARGUMENT` while calls are running.
   */
  snapshot(): ChainSnapshot {
    this.#refuseRunning('snapshot');
    return new KeptPosition(this, { branch: this.#branch.fork(), time: this.#time, history: this.#history });
  }

  /**
   * Go back to a snapshot: state, contracts, height and time. It can be gone back to again, and to others, whatever came after them.
   * @throws MisuseError `ERR_ARGUMENT` while calls are running, or for a snapshot of another chain.
   */
  revert(snapshot: ChainSnapshot): void {
    this.#refuseRunning('revert');
    if (!(snapshot instanceof KeptPosition) || snapshot.chain !== this)
      throw new MisuseError('ERR_ARGUMENT', 'revert: expected a snapshot of this chain');
    const left = this.#branch;
    this.#branch = snapshot.branch.fork();
    this.#time = snapshot.time;
    this.#history = snapshot.history;
    // The runtime is what all forks share.
    if (left !== this.runtime) void left.close();
  }

  /** What an account or a contract is called here; the digits of what is neither. */
  nameOf(address: Uint8Array): string {
    return this.#names.get(hex(address)) ?? hex(address);
  }

  /** SHA-256 over the state, see `Runtime.stateHash`. */
  async stateHash(): Promise<string> {
    return this.#busy(this.#branch.stateHash());
  }

  /** Stop it. Idempotent. */
  async close(): Promise<void> {
    wasClosed(this);
    this.#gas?.save();
    await this.runtime.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #execute(transactions: readonly Transaction[], height?: bigint): Promise<BlockResult> {
    const context = { ...this.#nextContext(), ...(height !== undefined && { height }) };
    return this.#busy(this.#branch.execute({ transactions, context }));
  }

  #nextContext(): Partial<BlockContext> {
    return { ...this.#context, timestamp: this.#time };
  }

  async #busy<Result>(running: Promise<Result>): Promise<Result> {
    this.#running++;
    try {
      return await running;
    } finally {
      this.#running--;
    }
  }

  #note(entry: HistoryEntry): void {
    this.#history = History.after(this.#history, entry);
  }

  #known(account: Account): Account {
    this.#names.set(hex(account.address), account.name);
    return account;
  }

  /** Two contracts of one name are told apart by a number. */
  #freeName(name: string): string {
    const taken = this.history.flatMap((entry) => (entry.kind === 'deployment' ? [entry.name] : []));
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : `${name}#${number}`;
      if (!taken.includes(free)) return free;
    }
  }

  #refuseForeign(call: unknown): void {
    if (!(call instanceof ContractCall))
      throw new MisuseError(
        'ERR_ARGUMENT',
        'block: expected calls that were not awaited: token.as(alice).transfer(...)',
      );
    if (!call.contract.isOn(this)) throw new MisuseError('ERR_ARGUMENT', `${call}: the contract is on another chain`);
  }

  #refuseRunning(what: string): void {
    if (this.#running === 0) return;
    const calls = this.#running === 1 ? 'a call is' : `${this.#running} calls are`;
    throw new MisuseError('ERR_ARGUMENT', `${what}: ${calls} still running: await them first`);
  }
}

/** Somebody on a chain. */
export class Actor {
  readonly account: Account;
  readonly #chain: TestChain;

  constructor(chain: TestChain, account: Account) {
    this.#chain = chain;
    this.account = account;
  }

  /** The methods of a contract, called by this account. */
  on<Types extends ClientTypes>(contract: TestContract<Types>): Methods<Types, CallOptions> {
    return contract.as(this.account);
  }

  /** `TestChain.deploy`, whose constructor this account calls. */
  async deploy<Types extends ClientTypes = ClientTypes>(
    input: ContractInput,
    options: Omit<TestDeployOptions<Types>, 'as'> = {},
  ): Promise<TestContract<Types>> {
    return this.#chain.deploy(input, { ...options, as: this.account });
  }
}

/** The call of a module's constructor; undefined where it has none, and no arguments are given for one. */
async function initCall(wasm: Uint8Array, args: object | undefined, sender: Account): Promise<InitCall | undefined> {
  if (args !== undefined) return { args: addressed(args) as Readonly<Record<string, unknown>>, sender: sender.address };
  const described = await interfaceOf(wasm);
  return described?.methods.some(({ kind }) => kind === 'init') ? { sender: sender.address } : undefined;
}

/** @throws MisuseError `ERR_ARGUMENT` */
function seconds(what: string, value: bigint | number): bigint {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new MisuseError('ERR_ARGUMENT', `${what}: expected a whole number from 0, got ${String(value)}`);
}
