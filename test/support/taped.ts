import { encodeInput } from '../../dist/host/contract/codec.js';
import { readInterface, readLayout } from '../../dist/host/contract/module-interface.js';
import type { ContractInterface, Policy, Receipt, StorageLayout, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { TapedTelemetry } from '../../dist/host/trace/telemetry.js';
import { Random } from './random.js';
import { contractWasm } from './runtimes.js';
import { type SteppedBlock, Stepper } from './stepper.js';

const NO_ADDRESS = new Uint8Array(32);
const STEPS_MAX = 200_000;

/** Has workers take their steps in a given order, as long as none of them sleeps or is done; then in turns. */
export class Script extends Random {
  readonly #order: readonly number[];
  #taken = 0;

  /** `order`: the number of the worker that takes each step, a digit each. */
  constructor(order: string) {
    super(1);
    this.#order = [...order].filter((each) => each !== ' ').map(Number);
  }

  override below(bound: number): number {
    const next = this.#order[this.#taken] ?? this.#taken;
    this.#taken++;
    return next % bound;
  }

  override chance(): boolean {
    return false;
  }
}

/** One call each is claimed, so that estimates and waves are met. */
export const ONE_BY_ONE = resolvePolicy({ grain: 1 });

export interface TapedBlock extends SteppedBlock {
  readonly telemetry: TapedTelemetry;
  /** Gas of every incarnation of each call, in the order in which they ended, as the stepper has counted it. */
  readonly counted: readonly (readonly number[])[];
}

/** A contract of the samples on virtual workers that keep a tape. */
export class TapedContract {
  readonly #stepper: Stepper;
  readonly #workers: number;
  readonly #interface: ContractInterface;
  readonly #layout: StorageLayout | undefined;

  private constructor(stepper: Stepper, workers: number, abi: ContractInterface, layout: StorageLayout | undefined) {
    this.#stepper = stepper;
    this.#workers = workers;
    this.#interface = abi;
    this.#layout = layout;
  }

  static async create(name: string, workers: number): Promise<TapedContract> {
    const module = await WebAssembly.compile((await contractWasm(name)) as Uint8Array<ArrayBuffer>);
    const stepper = await Stepper.create(name, workers);
    stepper.isTaped = true;
    return new TapedContract(stepper, workers, readInterface(module) as ContractInterface, readLayout(module));
  }

  call(sender: number, method: string, args: Readonly<Record<string, unknown>> = {}): Transaction {
    const input = encodeInput(this.#interface, method, args);
    return { sender: account(sender), contract: NO_ADDRESS, method, input };
  }

  /** On a contract without state, or after the calls of `before`. */
  async run(
    transactions: readonly Transaction[],
    schedule: Random,
    {
      policy = ONE_BY_ONE,
      before = [],
      yields = false,
      mode = 'block-stm',
    }: {
      policy?: Policy;
      before?: readonly Transaction[];
      yields?: boolean;
      mode?: 'block-stm' | 'sequential';
    } = {},
  ): Promise<TapedBlock> {
    const stepper = this.#stepper;
    const contract = stepper.add();
    if (before.length > 0) await stepper.run(before, new Script(''), STEPS_MAX, contract, policy);
    const counted = transactions.map((): number[] => []);
    stepper.onExecution = (index, gas) => counted[index]?.push(Number(gas));
    const block = await stepper.run(transactions, schedule, STEPS_MAX, contract, policy, yields, mode);
    stepper.onExecution = undefined;
    if (block.tape === undefined) throw new Error('the stepper has kept no tape');
    const book = { addressOf: () => NO_ADDRESS, layoutOf: () => this.#layout, layouts: () => [this.#layout] };
    const { sequentialFrom } = block.stats;
    const decision = {
      mode: 'block-stm',
      reason: 'option',
      ...(sequentialFrom > 0 && { sequentialFrom }),
    } as const;
    const receiptOf = (index: number): Receipt => block.receipts[index] as Receipt;
    const course = { executor: yields ? 'auto' : 'block-stm', decision, policy, receiptOf } as const;
    const telemetry = new TapedTelemetry(block.tape, transactions.length, this.#workers, book, course);
    return { ...block, telemetry, counted };
  }
}

/** The address of an account. */
export function account(number: number): Uint8Array {
  return new Uint8Array(32).fill(number + 1);
}
