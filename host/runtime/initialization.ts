import { encodeInput } from '../contract/codec.js';
import { Signatures } from '../contract/signature.js';
import type { Targets } from '../engine/calls.js';
import type { ExecutedBlock } from '../engine/executed-block.js';
import type { Backtraces } from './backtraces.js';
import type { CheckedCode } from './codes.js';
import { type Contracts, targetsOf } from './contracts.js';
import { InitError, MisuseError } from './errors.js';
import { describeFailure } from './failure.js';
import { ReceiptDecoder } from './receipts.js';
import type { InitCall, Transaction } from './types.js';

const NOBODY = new Uint8Array(32);

/** The call of a new contract's `init` method, in the block that deploys it. */
export class Initialization {
  readonly #code: CheckedCode;
  readonly #address: Uint8Array;
  readonly #contracts: Contracts;
  /** None where the contract has no such method. */
  readonly transactions: readonly Transaction[];

  /** @throws MisuseError `ERR_ARGUMENT` for arguments that the method does not take, or misses. */
  constructor(code: CheckedCode, address: Uint8Array, given: InitCall | undefined, contracts: Contracts) {
    this.#code = code;
    this.#address = address;
    this.#contracts = contracts;
    this.transactions = initCalls(code, address, given);
  }

  /** Where calls go, those of the contract included, whose index in the engine is `index`: it is not there for anybody else before the block has been executed. */
  targets(index: number): Targets {
    const own = targetsOf(this.#code, index);
    return {
      methodsOf: (contract) =>
        Buffer.compare(contract, this.#address) === 0 ? own : this.#contracts.methodsOf(contract),
    };
  }

  /** @throws InitError where the call of the block did not end `ok`. */
  refuseFailed(executed: ExecutedBlock, backtraces: Backtraces | undefined): void {
    const [call] = this.transactions;
    if (call === undefined) return;
    const receipt = new ReceiptDecoder(executed, this.#contracts, backtraces).decode(0);
    if (receipt.status === 'ok') return;
    throw new InitError(`deploy: ${call.method} ended ${describeFailure(receipt)}; nothing was deployed`, receipt);
  }
}

function initCalls(code: CheckedCode, address: Uint8Array, given: InitCall | undefined): Transaction[] {
  const method = code.interface && Signatures.of(code.interface).methodOf('init');
  if (code.interface === undefined || method === undefined) {
    if (given === undefined) return [];
    throw new MisuseError('ERR_ARGUMENT', 'deploy: init: the contract has no method of that kind');
  }
  if (given === undefined && method.inputs.length > 0) {
    const missing = method.inputs.map(({ name, type }) => `${name} (${type.text})`).join(', ');
    throw new MisuseError('ERR_ARGUMENT', `deploy: ${method.place} has to be called: init.args must have ${missing}`);
  }
  const input = encodeInput(code.interface, method.name, given?.args);
  return [{ sender: given?.sender ?? NOBODY, contract: address, method: method.name, input }];
}
