import { readInterface } from '../contract/module-interface.js';
import { Signatures } from '../contract/signature.js';
import { check, type FirstCallOptions } from '../index.js';
import type { AddressBook } from './address-book.js';
import { CallReader } from './call-reader.js';
import type { GenesisContract } from './genesis.js';

/**
 * The call of a contract's init method, as its genesis has it: `"init": { "sender", "args" }`. Undefined where it has no such method, and for a module that cannot be deployed anyway.
 * @throws FileError naming the field.
 */
export function readGenesisInit(
  { init, code }: GenesisContract,
  wasm: Uint8Array,
  addresses: AddressBook,
): FirstCallOptions | undefined {
  if (check(wasm).length > 0) return undefined;
  const described = readInterface(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  const method = described && Signatures.of(described).methodOf('init');
  if (method === undefined) return init.present ? init.fail('the contract has no init method') : undefined;
  if (!init.present) {
    if (method.inputs.length === 0) return undefined;
    const missing = method.inputs.map(({ name, type }) => `"${name}": <${type.text}>`).join(', ');
    return code.field.fail(`${method.place} has to be called: expected "init": { "args": { ${missing} } } beside it`);
  }
  const { sender, args } = init.members(['sender', 'args']);
  return {
    args: new CallReader(addresses, []).arguments(method, args),
    ...(sender.present && { sender: addresses.resolveAccount(sender) }),
  };
}
