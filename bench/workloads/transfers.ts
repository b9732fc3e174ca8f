import type { NumericSchema, ParameterValues } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import type { Workload, WorkloadCall } from './workload.js';

/** Transfers move 1 to this much. */
const AMOUNT_MAX = 100;

/**
 * Accounts start with 0 to this much, each amount equally likely, 20 times a mean transfer on average: some transfers fail
 * for want of funds (about 2.5% of them at first, about 5% once balances have spread), and which ones fail depends on the order.
 */
const FUNDS_MAX = 2_000;

export interface TransferParameters {
  readonly accounts: number;
  readonly blockSize: number;
}

export const ACCOUNTS: NumericSchema = {
  type: 'integer',
  minimum: 2,
  maximum: 1_000_000,
  default: 10_000,
  description: 'accounts that pay one another',
};

export interface TransferShape {
  readonly name: string;
  readonly params: ParameterValues;
  /** The contract that is called: its name and the name of its Wasm. */
  readonly contract: string;
  /** Its method that pays. */
  readonly method: string;
  /** Arguments of every transfer besides `to` and `amount`. */
  readonly extraArgs: Readonly<Record<string, string>>;
  /** A method without arguments that is called once, before everything else. */
  readonly firstMethod?: string;
  /** Whether a call does nothing besides. */
  readonly plainTransfers: boolean;
}

/** Random payments: sender and receiver are two different accounts, every pair equally likely. */
export function transfers(shape: TransferShape, parameters: TransferParameters, seed: number): Workload {
  const { accounts, blockSize } = parameters;
  const addresses = drawAddresses(accounts, seed);
  const pay = (random: RandomStream): WorkloadCall => {
    const sender = random.below(accounts);
    const receiver = (sender + 1 + random.below(accounts - 1)) % accounts;
    const amount = 1 + random.below(AMOUNT_MAX);
    return {
      sender: addresses[sender] as string,
      contract: shape.contract,
      method: shape.method,
      args: { to: addresses[receiver] as string, amount: String(amount), ...shape.extraArgs },
    };
  };
  return {
    name: shape.name,
    params: shape.params,
    blockSize,
    // A balance and a digest an account, and a few of the contract's own.
    locations: () => 2 * accounts + 16,
    contracts: [{ name: shape.contract, address: contractAddress(shape.contract), wasm: shape.contract }],
    preparation: (index) =>
      index === 0 ? [...firstCalls(shape, addresses), ...fund(shape.contract, addresses, seed)] : [],
    block: (index) => {
      const random = new RandomStream(seed, 'transfers', 'block', index);
      return Array.from({ length: blockSize }, () => pay(random));
    },
    plainTransfers: shape.plainTransfers,
  };
}

function drawAddresses(accounts: number, seed: number): readonly string[] {
  const random = new RandomStream(seed, 'transfers', 'addresses');
  return Array.from({ length: accounts }, () => random.hex(32));
}

function firstCalls({ contract, firstMethod }: TransferShape, addresses: readonly string[]): readonly WorkloadCall[] {
  if (firstMethod === undefined) return [];
  return [{ sender: addresses[0] as string, contract, method: firstMethod, args: {} }];
}

function fund(contract: string, addresses: readonly string[], seed: number): readonly WorkloadCall[] {
  const random = new RandomStream(seed, 'transfers', 'funds');
  return addresses.map((address) => ({
    sender: address,
    contract,
    method: 'mint',
    args: { to: address, amount: String(random.below(FUNDS_MAX + 1)) },
  }));
}
