import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import type { Workload, WorkloadCall } from './workload.js';

/** Cells are raised by 1 to this much. */
const AMOUNT_MAX = 100;

/** What the calls of the `cells` contract are: which cells, the workload says. */
export type CellShape = Pick<Workload, 'name' | 'params' | 'blockSize'> & {
  /** Cells that there are. */
  readonly cells: number;
  readonly method: string;
  /** The arguments of one call besides `amount`. @param call counts calls over all blocks, from 0. */
  args(call: number, random: RandomStream): Readonly<Record<string, number>>;
};

/** Calls that read and write numbered cells, all of one sender: cells are 0 before the first. */
export function cells(shape: CellShape, seed: number): Workload {
  const { name, params, blockSize, method } = shape;
  const sender = new RandomStream(seed, name, 'sender').hex(32);
  const call = (number: number, random: RandomStream): WorkloadCall => {
    const args: Record<string, string> = {};
    for (const [argument, value] of Object.entries(shape.args(number, random))) args[argument] = String(value);
    args.amount = String(1 + random.below(AMOUNT_MAX));
    return { sender, contract: 'cells', method, args };
  };
  return {
    name,
    params,
    blockSize,
    locations: () => shape.cells + 16,
    contracts: [{ name: 'cells', address: contractAddress('cells'), wasm: 'cells' }],
    preparation: () => [],
    block: (index) => {
      const random = new RandomStream(seed, name, 'block', index);
      return Array.from({ length: blockSize }, (_, position) => call(index * blockSize + position, random));
    },
    plainTransfers: false,
  };
}
