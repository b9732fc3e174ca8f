import type { Frame, Trace } from '../engine/traces.js';
import { isAuthored } from '../wasm/code-positions.js';
import type { Codes } from './codes.js';
import type { Contracts } from './contracts.js';
import type { BacktraceFrame, ContractFailure } from './types.js';

type AddressBook = Pick<Contracts, 'addressOf'>;

/** Reads the traces of failed calls: instrumented code told in terms of the source. */
export class Backtraces {
  readonly #codes: Pick<Codes, 'positionsOf'>;

  constructor(codes: Pick<Codes, 'positionsOf'>) {
    this.#codes = codes;
  }

  /** What a receipt says of it. */
  read({ frames, contracts }: Trace, addresses: AddressBook): Pick<ContractFailure, 'position' | 'backtrace'> {
    const backtrace = frames.flatMap((frame) => this.#read(frame, contracts[frame.depth], addresses));
    const authored = backtrace.find(({ file }) => file !== undefined && isAuthored(file));
    if (authored === undefined) return { backtrace };
    const { file, line, column } = authored as Required<BacktraceFrame>;
    return { position: { file, line, column }, backtrace };
  }

  /** None for what the rewrite has added. */
  #read({ code, offset }: Frame, contract: number | undefined, addresses: AddressBook): BacktraceFrame[] {
    const positions = this.#codes.positionsOf(code);
    if (positions === undefined) return [];
    return positions.placesOf(offset).map(({ function: name, position }) => {
      const source = position && positions.lineOf(position);
      return {
        function: name,
        ...position,
        ...(source !== undefined && { source }),
        ...(contract !== undefined && { contract: addresses.addressOf(contract) }),
      };
    });
  }
}
