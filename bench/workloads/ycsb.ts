import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { THETA, ZipfDistribution } from '../zipf.js';
import { contractAddress } from './address.js';
import type { Workload, WorkloadCall, WorkloadDefinition } from './workload.js';

export interface YcsbParameters {
  readonly records: number;
  readonly operations: number;
  readonly readRatio: number;
  readonly theta: number;
  readonly valueBytes: number;
  readonly blockSize: number;
}

/** Records that one call of the preparation fills. */
const FILLED_AT_ONCE = 200;

/** Random bytes of a value, over and over until it is long enough. */
const VALUE_PERIOD = 8;

/**
 * The operations of YCSB's core workloads, `operations` of them in a call: each reads a record with probability `readRatio`, otherwise overwrites one unread; records are drawn from Zipf's
 * distribution with the exponent `theta`. Workload A of YCSB has a ratio of 0.5, B of 0.95, C of 1. Calls that read what others overwrite depend on them; two that overwrite the same do not.
 *
 * Source: B. Cooper et al., "Benchmarking Cloud Serving Systems with YCSB", SoCC 2010.
 */
export function ycsb(parameters: YcsbParameters, seed: number): Workload {
  const { records, operations, readRatio, theta, valueBytes, blockSize } = parameters;
  const client = new RandomStream(seed, 'ycsb', 'client').hex(32);
  const distribution = new ZipfDistribution(records, theta);
  const call = (random: RandomStream): WorkloadCall => {
    let updates = 0n;
    const keys = Array.from({ length: operations }, (_, operation) => {
      if (random.fraction() >= readRatio) updates |= 1n << BigInt(operation);
      return String(distribution.draw(random));
    });
    const args = { keys, updates: String(updates), value: drawValue(valueBytes, random) };
    return { sender: client, contract: 'ycsb', method: 'operate', args };
  };
  const fill = (): readonly WorkloadCall[] => {
    const random = new RandomStream(seed, 'ycsb', 'fill');
    return Array.from({ length: Math.ceil(records / FILLED_AT_ONCE) }, (_, position) => {
      const from = position * FILLED_AT_ONCE;
      const count = Math.min(FILLED_AT_ONCE, records - from);
      const args = { from: String(from), count: String(count), value: drawValue(valueBytes, random) };
      return { sender: client, contract: 'ycsb', method: 'fill', args };
    });
  };
  return {
    name: 'ycsb',
    params: { records, operations, readRatio, theta, valueBytes },
    blockSize,
    locations: () => records + 16,
    contracts: [{ name: 'ycsb', address: contractAddress('ycsb'), wasm: 'ycsb' }],
    preparation: (index) => (index === 0 ? fill() : []),
    block: (index) => {
      const random = new RandomStream(seed, 'ycsb', 'block', index);
      return Array.from({ length: blockSize }, () => call(random));
    },
    plainTransfers: false,
  };
}

function drawValue(bytes: number, random: RandomStream): string {
  const digits = random.hex(VALUE_PERIOD).slice(2);
  return `0x${digits.repeat(Math.ceil(bytes / VALUE_PERIOD)).slice(0, 2 * bytes)}`;
}

const RECORDS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000,
  default: 100_000,
  description: 'records in the table',
};

const OPERATIONS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 64,
  default: 10,
  description: 'records that a call reads or overwrites',
};

const READ_RATIO: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 0.5,
  description: 'how probably an operation reads; otherwise it overwrites',
};

const VALUE_BYTES: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 4_096,
  default: 100,
  description: 'bytes of a record; with many records of many bytes the state does not fit the memory',
};

export const ycsbDefinition: WorkloadDefinition<YcsbParameters> = {
  name: 'ycsb',
  description: 'records read and overwritten, some more often than others: the operations of YCSB',
  parameters: {
    records: RECORDS,
    operations: OPERATIONS,
    readRatio: READ_RATIO,
    theta: THETA,
    valueBytes: VALUE_BYTES,
  },
  build: ycsb,
};
