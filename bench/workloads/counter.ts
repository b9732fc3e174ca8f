import type { ChoiceSchema } from '../parameters.js';
import { ACCOUNTS, type TransferParameters, transfers } from './transfers.js';
import type { Workload, WorkloadDefinition } from './workload.js';

/** How each kind of counter is called in the `volume` contract. */
const METHODS = { delta: 'transferAdding', plain: 'transferWriting', none: 'transfer' } as const;

export type CounterKind = keyof typeof METHODS;

export interface CounterParameters extends TransferParameters {
  readonly counter: CounterKind;
}

/**
 * The payments of `p2p` through the `volume` contract, where each also adds its amount to one sum that all share: a
 * counter, a plain value, or for comparison none.
 */
export function counter(parameters: CounterParameters, seed: number): Workload {
  const { accounts, counter: kind } = parameters;
  const shape = {
    name: 'counter',
    params: { accounts, counter: kind },
    contract: 'volume',
    method: METHODS[kind],
    extraArgs: {},
    plainTransfers: false,
  };
  return transfers(shape, parameters, seed);
}

const COUNTER: ChoiceSchema = {
  type: 'string',
  enum: Object.keys(METHODS),
  default: 'delta',
  description: 'how amounts are summed up: added without reading, read and written, or not at all',
};

export const counterDefinition: WorkloadDefinition<CounterParameters> = {
  name: 'counter',
  description: 'payments that also add their amount to one sum',
  parameters: { accounts: ACCOUNTS, counter: COUNTER },
  build: counter,
};
