import {
  type BlockContext,
  type Branch,
  type ClientTypes,
  createRuntime,
  MisuseError,
  type Receipt,
  type Runtime,
} from '../index.js';
import type { Account, AccountLike } from './account.js';
import { Actor } from './actor.js';
import { CallReceipt } from './call-receipt.js';
import { forTest, forTestLater } from './call-site.js';
import { ChainHead } from './chain-head.js';
import { ChainNames } from './chain-names.js';
import {
  LIMITS,
  OPTIONS,
  type Rehearsal,
  START_TIME,
  type TestBlock,
  type TestChainOptions,
  type TestDeployOptions,
  type TestUpgradeOptions,
} from './chain-options.js';
import { type ChainSnapshot, KeptPosition } from './chain-position.js';
import { ContractCall } from './contract-call.js';
import { type ContractInput, moduleOf } from './contract-source.js';
import { firstCall } from './first-call.js';
import { GasRecord } from './gas-record.js';
import type { HistoryEntry } from './history.js';
import { type CallMaker, TestContract } from './test-contract.js';
import { checkOptions } from './test-options.js';
import { UnmadeCalls } from './unmade-calls.js';
import { closeAtEnd, warnOfUnmade, wasClosed } from './vitest-end.js';

/**
 * A chain of its own, in memory, ready within 300 ms. Closed by itself at the end of the test file where vitest runs it and the file imports this module;
 * elsewhere by `close` or `await using`.
 * @throws MisuseError `ERR_OPTION`
 */
export async function testChain(options: TestChainOptions = {}): Promise<TestChain> {
  return forTestLater(testChain, () => TestChain.create(options));
}

/** A chain for tests: real contracts, real gas, the real scheduler; the past can be had back, and the time set. */
export class TestChain implements AsyncDisposable, CallMaker {
  /** What executes its blocks. The chain may be on a fork of it. */
  readonly runtime: Runtime;
  readonly #head: ChainHead;
  readonly #names = new ChainNames();
  readonly #gas = GasRecord.fromEnvironment();

  private constructor(runtime: Runtime, time: bigint, context: Partial<BlockContext>) {
    this.runtime = runtime;
    this.#head = new ChainHead(runtime, time, context);
  }

  /** @param open - What makes its runtime. */
  static async create(options: TestChainOptions = {}, open = createRuntime): Promise<TestChain> {
    checkOptions('testChain', options, OPTIONS);
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
    return this.branch.height;
  }

  /** Unix time in seconds, of the last block and of the next. Stands still unless it is moved. */
  get time(): bigint {
    return this.#head.time;
  }

  /** What the chain is on: the runtime, or a fork of it after a revert. */
  get branch(): Branch {
    return this.#head.branch;
  }

  /** What led here. */
  get history(): readonly HistoryEntry[] {
    return this.#head.history;
  }

  /** The account of this name, the same one every time. @throws MisuseError for what is no name. */
  account(name: string): Account {
    return forTest(this.account, () => this.#names.account(name));
  }

  /** What somebody can do: `chain.as(alice).on(token).transfer(...)` is `token.as(alice).transfer(...)`. */
  as(who: AccountLike): Actor {
    return new Actor(
      this,
      forTest(this.as, () => this.accountOf(who)),
    );
  }

  accountOf(who: AccountLike): Account {
    return this.#names.accountOf(who);
  }

  /**
   * Compile a contract, unless it was before, and deploy it, with its constructor called, in a block of its own.
   * @throws CompileError; what `Branch.deploy` throws: a FirstCallError with the receipt where the constructor fails; MisuseError `ERR_INTERFACE` for a client of another contract.
   */
  async deploy<Types extends ClientTypes = ClientTypes>(
    input: ContractInput,
    options: TestDeployOptions<Types> = {},
  ): Promise<TestContract<Types>> {
    return forTestLater(this.deploy, () => this.#deploy(input, options));
  }

  async #deploy<Types extends ClientTypes>(
    input: ContractInput,
    options: TestDeployOptions<Types>,
  ): Promise<TestContract<Types>> {
    checkOptions('deploy', options, ['client', 'name', 'address', 'init', 'as']);
    const { wasm, name: fallback } = await moduleOf(input);
    const { address, client } = options;
    const init = await firstCall(this, wasm, 'init', options.init, options.as);
    const given = { ...(address !== undefined && { address }), ...(init !== undefined && { init }) };
    const deployed = await this.#head.deploy(wasm, given);
    // That its types are those of this contract.
    if (client !== undefined) this.branch.contract(client, deployed.address);
    const name = this.#names.addContract(deployed.address, options.name ?? deployed.interface?.name ?? fallback);
    this.#head.note({ kind: 'deployment', name, address: deployed.address, wasm, init });
    this.#gas?.addFirst(name, 'init', deployed);
    return new TestContract<Types>(name, deployed, this);
  }

  /**
   * Give a contract new code, with its `@migrate` method called, in a block of its own: it keeps its address, its name and what it has stored. What `contract` was before goes on to
   * call it by the interface that it had.
   * @throws CompileError; what `Branch.upgrade` throws: a FirstCallError with the receipt where the method fails; MisuseError `ERR_LAYOUT` where the new code would not find, or would misread,
   * what is stored; `ERR_INTERFACE` for a client of another contract.
   */
  async upgrade<Types extends ClientTypes = ClientTypes>(
    contract: TestContract<ClientTypes> | TestContract<Types>,
    input: ContractInput,
    options: TestUpgradeOptions<Types> = {},
  ): Promise<TestContract<Types>> {
    return forTestLater(this.upgrade, () => this.#upgrade(contract, input, options));
  }

  async #upgrade<Types extends ClientTypes>(
    contract: unknown,
    input: ContractInput,
    options: TestUpgradeOptions<Types>,
  ): Promise<TestContract<Types>> {
    if (!(contract instanceof TestContract) || !contract.isOn(this)) {
      throw new MisuseError('ERR_ARGUMENT', 'upgrade: expected a contract of this chain, as deploy gave it');
    }
    checkOptions('upgrade', options, ['client', 'migrate', 'as', 'allowUnsafe']);
    const { name, address } = contract;
    const { client, allowUnsafe } = options;
    const { wasm } = await moduleOf(input);
    const migrate = await firstCall(this, wasm, 'migrate', options.migrate, options.as);
    const given = { ...(allowUnsafe !== undefined && { allowUnsafe }), ...(migrate !== undefined && { migrate }) };
    const upgraded = await this.#head.upgrade(address, wasm, given);
    if (client !== undefined) this.branch.contract(client, address);
    this.#head.note({ kind: 'upgrade', name, address, wasm, migrate });
    this.#gas?.addFirst(name, 'migrate', upgraded);
    return new TestContract<Types>(name, upgraded, this);
  }

  /**
   * Execute calls as one block. Calls that fail do not fail it: they say so in their receipts.
   * @throws MisuseError for calls of another chain; what `Runtime.execute` throws.
   */
  async block(calls: readonly ContractCall[]): Promise<TestBlock> {
    return forTestLater(this.block, () => this.#block(calls));
  }

  async #block(calls: readonly ContractCall[]): Promise<TestBlock> {
    if (!Array.isArray(calls)) throw new MisuseError('ERR_ARGUMENT', 'block: expected an array of calls');
    for (const call of calls) this.#refuseForeign(call);
    const result = await this.#head.execute(calls.map(({ transaction }) => transaction));
    const receipts = calls.map((call, index) => new CallReceipt(call, result.receipts.get(index)));
    for (const [index, { status }] of receipts.entries()) {
      if (status === 'ok') this.#head.note({ kind: 'call', transaction: (calls[index] as ContractCall).transaction });
    }
    this.#gas?.add(receipts, result.stats);
    return { height: result.height, receipts, writeSet: result.writeSet, stats: result.stats };
  }

  async make(call: ContractCall): Promise<Receipt> {
    const { receipts } = await this.#block([call]);
    return receipts[0] as CallReceipt;
  }

  async look(call: ContractCall): Promise<Receipt> {
    return this.#head.view(call.transaction);
  }

  /** What a block would give: it is executed on a fork, which is dropped. Its calls may have been made for another chain, on which all contracts have the same addresses. */
  async rehearse(calls: readonly Pick<ContractCall, 'transaction'>[]): Promise<Rehearsal> {
    if (!Array.isArray(calls)) throw new MisuseError('ERR_ARGUMENT', 'rehearse: expected an array of calls');
    return this.#head.rehearse(calls.map(({ transaction }) => transaction));
  }

  /**
   * Let time and blocks go by: an empty block ends it, so that views see the new time too.
   * @param by - Default: no seconds, one block.
   */
  async advance(by: { readonly seconds?: bigint | number; readonly blocks?: bigint | number }): Promise<void> {
    return forTestLater(this.advance, async () => {
      checkOptions('advance', by, ['seconds', 'blocks']);
      const { seconds: later = 0n, blocks = 1n } = by;
      const count = seconds('blocks', blocks);
      if (count < 1n)
        throw new MisuseError('ERR_ARGUMENT', 'advance: blocks: expected 1 or more, since a block ends it');
      this.#head.time += seconds('seconds', later);
      await this.#head.execute([], this.height + count);
    });
  }

  /** Set the time, forwards or backwards: an empty block does it. @param time - Unix time in seconds. */
  async setTime(time: bigint | number): Promise<void> {
    return forTestLater(this.setTime, async () => {
      this.#head.time = seconds('time', time);
      await this.#head.execute([]);
    });
  }

  /**
   * Remember where the chain is. Takes no time and no memory at first; then memory for what differs.
   * @throws MisuseError `ERR_ARGUMENT` while calls are running.
   */
  snapshot(): ChainSnapshot {
    this.#head.refuseRunning('snapshot');
    return new KeptPosition(this, { ...this.#head.position(), contractNames: this.#names.contracts });
  }

  /**
   * Go back to a snapshot: state, contracts, height and time. It can be gone back to again, and to others, whatever came after them.
   * @throws MisuseError `ERR_ARGUMENT` while calls are running, or for a snapshot of another chain.
   */
  revert(snapshot: ChainSnapshot): void {
    this.#head.refuseRunning('revert');
    if (!(snapshot instanceof KeptPosition) || snapshot.chain !== this)
      throw new MisuseError('ERR_ARGUMENT', 'revert: expected a snapshot of this chain');
    this.#head.goTo(snapshot);
    this.#names.contracts = snapshot.contractNames;
  }

  /** What an account or a contract is called here; the digits of what is neither. */
  nameOf(address: Uint8Array): string {
    return this.#names.nameOf(address);
  }

  /** SHA-256 over the state, see `Runtime.stateHash`. */
  async stateHash(): Promise<string> {
    return this.#head.stateHash();
  }

  /** Stop it. Idempotent. */
  async close(): Promise<void> {
    wasClosed(this);
    warnOfUnmade((call) => call.contract.isOn(this));
    this.#gas?.save();
    await this.runtime.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #refuseForeign(call: unknown): void {
    if (!(call instanceof ContractCall))
      throw new MisuseError(
        'ERR_ARGUMENT',
        'block: expected calls that were not awaited: token.as(alice).transfer(...)',
      );
    // It was to be made: whoever refuses it says so.
    UnmadeCalls.delete(call);
    if (!call.contract.isOn(this)) throw new MisuseError('ERR_ARGUMENT', `${call}: the contract is on another chain`);
  }
}

/** @throws MisuseError `ERR_ARGUMENT` */
function seconds(what: string, value: bigint | number): bigint {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new MisuseError('ERR_ARGUMENT', `${what}: expected a whole number from 0, found ${String(value)}`);
}
