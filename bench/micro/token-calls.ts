import { encodeInput } from '../../host/contract/codec.js';
import { readInterface } from '../../host/contract/module-interface.js';
import { InvariantError, type Transaction } from '../../host/index.js';

/** Transfers in a block. */
export const CALLS = 10_000;
const ACCOUNTS = 1000;

/** Blocks for a contract that can mint and transfer, to be executed in this order; all its calls succeed. */
export interface TokenCalls {
  readonly mints: readonly Transaction[];
  readonly transfers: readonly Transaction[];
}

/** @param more arguments of each transfer besides `to` and `amount`, or in place of them. */
export async function tokenCalls(
  wasm: Uint8Array<ArrayBuffer>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<TokenCalls> {
  const described = readInterface(await WebAssembly.compile(wasm));
  if (described === undefined) throw new InvariantError('the contract has no interface');
  const call = (sender: number, method: string, args: Readonly<Record<string, unknown>>): Transaction => {
    const input = encodeInput(described, method, args);
    return { sender: address(sender), contract: address(0), method, input, gasLimit: 2 ** 40 };
  };
  const mints = Array.from({ length: ACCOUNTS }, (_, i) => call(0, 'mint', { to: address(i + 1), amount: 1_000_000n }));
  const transfers = Array.from({ length: CALLS }, (_, i) =>
    call(1 + ((i * 7) % ACCOUNTS), 'transfer', { to: address(1 + ((i * 13 + 5) % ACCOUNTS)), amount: 1n, ...more }),
  );
  return { mints, transfers };
}

function address(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, number);
  return bytes;
}
