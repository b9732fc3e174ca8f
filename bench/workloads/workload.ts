import type { ParameterSchemas, ParameterValues } from '../parameters.js';

/** As a block file has it: integers are decimal strings, addresses and bytes `"0x"` and hex digits. */
export type WorkloadArgument = string | boolean | readonly string[];

/**
 * One call, in the shape of a line of a block file: integers are decimal strings, addresses `"0x"` and 64 hex digits, or 40
 * of them, which are padded on the left with zeros.
 */
export interface WorkloadCall {
  readonly sender: string;
  /** The name of one of the workload's contracts. */
  readonly contract: string;
  readonly method: string;
  readonly args: Readonly<Record<string, WorkloadArgument>>;
}

export interface WorkloadContract {
  readonly name: string;
  /** `"0x"` and 64 hex digits. */
  readonly address: string;
  /** Which of the built contracts it is: `token` for `dist/contracts/token.wasm`. */
  readonly wasm: string;
  /** The call of its `init` method, where it has one; called by the block that deploys it. */
  readonly init?: Pick<WorkloadCall, 'sender' | 'args'>;
}

/**
 * A sequence of blocks: a pure function of its parameters and the seed.
 *
 * The state cannot be set back between two measurements, so that the blocks differ; both runtimes of a comparison execute
 * the same sequence and so pass through the same states.
 */
export interface Workload {
  readonly name: string;
  /** What it was built from, except for the block size and the seed: the same workload is built from these again, so they are parameters of its definition and nothing else. */
  readonly params: ParameterValues;
  /** Calls in each block. */
  readonly blockSize: number;
  /** An upper bound of the locations in the state after `blocks` blocks. */
  locations(blocks: number): number;
  /** To be deployed in this order. */
  readonly contracts: readonly WorkloadContract[];
  /** The calls that bring the state to where block `index` starts; not measured. Empty where there is nothing to do. */
  preparation(index: number): readonly WorkloadCall[];
  block(index: number): readonly WorkloadCall[];
  /** Whether every call is a plain transfer, which the yardsticks can do too. */
  readonly plainTransfers: boolean;
}

/** A workload as it is listed: what it is, which parameters it has, and how one is built from them. */
export interface WorkloadDefinition<Parameters = never> {
  readonly name: string;
  /** One line: what its calls are. */
  readonly description: string;
  /** Every parameter but the block size, which goes with all workloads. */
  readonly parameters: ParameterSchemas;
  /** What parameters are together that they may not be, though each of them may: `expected at most …, found …`. Undefined where there is no such thing. */
  conflict?(parameters: Omit<Parameters, 'blockSize'>): string | undefined;
  /**
   * @param parameters every one that is listed, and `blockSize`; all of them checked.
   * @throws OptionError for a conflict.
   */
  build(parameters: Parameters, seed: number): Workload;
}
