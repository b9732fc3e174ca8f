import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { THETA, ZipfDistribution } from '../zipf.js';
import { contractAddress } from './address.js';
import { drawMix, type Mix } from './mix.js';
import type { Workload, WorkloadArgument, WorkloadCall, WorkloadDefinition } from './workload.js';

export interface SmallbankParameters {
  readonly customers: number;
  readonly theta: number;
  readonly blockSize: number;
}

type Procedure = 'amalgamate' | 'balance' | 'depositChecking' | 'sendPayment' | 'transactSavings' | 'writeCheck';

/** The shares that H-Store gave the procedures, and OLTP-Bench after it. */
const MIX: Mix<Procedure> = [
  ['amalgamate', 15],
  ['balance', 15],
  ['depositChecking', 15],
  ['sendPayment', 25],
  ['transactSavings', 15],
  ['writeCheck', 15],
];

/** Each account begins with an amount in this range. */
const OPENING_MIN = 10_000;
const OPENING_MAX = 50_000;

/** Calls move 1 to this much. */
const AMOUNT_MAX = 100;

/**
 * The SmallBank benchmark: transactions of a bank whose customers have a savings and a checking account each, drawn from Zipf's distribution with the exponent `theta`; a procedure for two
 * customers takes two different ones. Payments of customers whose money has just been moved away by `amalgamate` fail, some in a hundred calls, and which ones depends on the order.
 *
 * Source: M. Alomari, M. Cahill, A. Fekete, U. Röhm, "The Cost of Serializability on Platforms That Use Snapshot Isolation", ICDE 2008.
 */
export function smallbank(parameters: SmallbankParameters, seed: number): Workload {
  const { customers, theta, blockSize } = parameters;
  const teller = new RandomStream(seed, 'smallbank', 'teller').hex(32);
  const distribution = new ZipfDistribution(customers, theta);
  const call = (method: string, args: Readonly<Record<string, WorkloadArgument>>): WorkloadCall => ({
    sender: teller,
    contract: 'smallbank',
    method,
    args,
  });
  const draw = (random: RandomStream): WorkloadCall => {
    const procedure = drawMix(MIX, random);
    const customer = distribution.draw(random);
    const amount = String(1 + random.below(AMOUNT_MAX));
    if (procedure === 'balance') return call(procedure, { customer: String(customer) });
    if (procedure !== 'amalgamate' && procedure !== 'sendPayment') {
      return call(procedure, { customer: String(customer), amount });
    }
    const from = String(customer);
    const to = String(other(customer, random));
    return call(procedure, procedure === 'amalgamate' ? { from, to } : { from, to, amount });
  };
  /** Another customer: drawn until it is another. */
  const other = (customer: number, random: RandomStream): number => {
    let drawn = distribution.draw(random);
    while (drawn === customer) drawn = distribution.draw(random);
    return drawn;
  };
  const openings = (): readonly WorkloadCall[] => {
    const random = new RandomStream(seed, 'smallbank', 'openings');
    const amount = () => String(OPENING_MIN + random.below(OPENING_MAX - OPENING_MIN + 1));
    return Array.from({ length: customers }, (_, customer) =>
      call('open', { customer: String(customer), inSavings: amount(), inChecking: amount() }),
    );
  };
  return {
    name: 'smallbank',
    params: { customers, theta },
    blockSize,
    locations: () => 2 * customers + 16,
    contracts: [{ name: 'smallbank', address: contractAddress('smallbank'), wasm: 'smallbank' }],
    preparation: (index) => (index === 0 ? openings() : []),
    block: (index) => {
      const random = new RandomStream(seed, 'smallbank', 'block', index);
      return Array.from({ length: blockSize }, () => draw(random));
    },
    plainTransfers: false,
  };
}

const CUSTOMERS: NumericSchema = {
  type: 'integer',
  minimum: 2,
  maximum: 1_000_000,
  default: 10_000,
  description: 'customers, each with two accounts',
};

export const smallbankDefinition: WorkloadDefinition<SmallbankParameters> = {
  name: 'smallbank',
  description: 'transactions of a bank, some customers more often than others: the SmallBank benchmark',
  parameters: { customers: CUSTOMERS, theta: THETA },
  build: smallbank,
};
