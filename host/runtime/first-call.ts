import { encodeInput } from '../contract/codec.js';
import { Signatures } from '../contract/signature.js';
import type { ExecutedBlock } from '../engine/executed-block.js';
import type { FirstCallKind } from '../engine/protocol.js';
import type { Backtraces } from './backtraces.js';
import type { CheckedCode } from './codes.js';
import type { Contracts } from './contracts.js';
import { FirstCallError, MisuseError } from './errors.js';
import { describeFailure } from './failure.js';
import { ReceiptDecoder } from './receipts.js';
import type { BlockResult, Contract, DeployedContract, FirstCallOptions, Transaction } from './types.js';

const OPERATION = { init: 'deploy', migrate: 'upgrade' } as const;
const CODE = { init: 'ERR_INIT', migrate: 'ERR_MIGRATE' } as const;
const NOBODY = new Uint8Array(32);

/** The call that new code begins with, in the block that puts it in its place: that of its method of this kind. */
export class FirstCall {
  readonly #kind: FirstCallKind;
  /** None where the contract has no such method. */
  readonly transactions: readonly Transaction[];

  /** @throws MisuseError `ERR_ARGUMENT` for arguments that the method does not take, or misses. */
  constructor(kind: FirstCallKind, code: CheckedCode, address: Uint8Array, given: FirstCallOptions | undefined) {
    this.#kind = kind;
    this.transactions = firstCalls(kind, code, address, given);
  }

  /** @throws FirstCallError where the call of the block did not end `ok`. */
  refuseFailed(executed: ExecutedBlock, contracts: Contracts, backtraces: Backtraces | undefined): void {
    const [call] = this.transactions;
    if (call === undefined) return;
    const receipt = new ReceiptDecoder(executed, contracts, backtraces).decode(0);
    if (receipt.status === 'ok') return;
    const operation = OPERATION[this.#kind];
    const message = `${operation}: ${call.method} ended ${describeFailure(receipt)}; no block was made`;
    throw new FirstCallError(CODE[this.#kind], message, receipt);
  }

  /** What the block made of a contract. */
  madeOf(contract: Contract, { receipts }: Pick<BlockResult, 'receipts'>): DeployedContract {
    return {
      ...contract,
      get address() {
        return contract.address;
      },
      receipt: this.transactions.length === 0 ? undefined : receipts.get(0),
    };
  }
}

function firstCalls(
  kind: FirstCallKind,
  code: CheckedCode,
  address: Uint8Array,
  given: FirstCallOptions | undefined,
): Transaction[] {
  const operation = OPERATION[kind];
  const method = code.interface && Signatures.of(code.interface).methodOf(kind);
  if (code.interface === undefined || method === undefined) {
    if (given === undefined) return [];
    throw new MisuseError('ERR_ARGUMENT', `${operation}: ${kind}: the contract has no method of that kind`);
  }
  if (given === undefined && method.inputs.length > 0) {
    const missing = method.inputs.map(({ name, type }) => `${name} (${type.text})`).join(', ');
    throw new MisuseError(
      'ERR_ARGUMENT',
      `${operation}: ${method.place} has to be called: ${kind}.args must have ${missing}`,
    );
  }
  const input = encodeInput(code.interface, method.name, given?.args);
  return [{ sender: given?.sender ?? NOBODY, contract: address, method: method.name, input }];
}
