import { readInterface } from '../contract/module-interface.js';
import { Signatures } from '../contract/signature.js';
import { check, type FirstCallOptions, type ParameterInterface } from '../index.js';
import { callField, readArguments } from './argument-list.js';
import type { Chain } from './chain.js';
import { FileError } from './json-field.js';

/** What `blockstm deploy` and `blockstm upgrade` are told about the call of the contract's init or migrate method. */
export interface FirstCallRequest {
  /** Which of them; also the name of the option that gives the arguments. */
  readonly kind: 'init' | 'migrate';
  /** Each `name=value`; undefined where there is no such call. */
  readonly args: readonly string[] | undefined;
  /** Who calls; undefined where nobody is said to, which is refused: what takes its caller for its owner would belong to nobody for good. */
  readonly sender: string | undefined;
}

/**
 * The call that is asked for; undefined where none is, and for a module that cannot be deployed anyway.
 * @throws FileError naming the argument.
 */
export function readFirstCall(
  chain: Chain,
  wasm: Uint8Array,
  { kind, args, sender }: FirstCallRequest,
): FirstCallOptions | undefined {
  if (check(wasm).length > 0) return undefined;
  const contractInterface = readInterface(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  const method = contractInterface && Signatures.of(contractInterface).methodOf(kind);
  if (method === undefined) {
    if (args !== undefined) throw new FileError(`error: --${kind}: the contract has no ${kind} method`);
    return undefined;
  }
  const inputs = method.inputs.map(({ name, type }) => ({ name, type: type.text }));
  if (args === undefined && inputs.length > 0) throw new FileError(`error: ${missingArguments(kind, inputs)}`);
  const list = readArguments(args ?? [], inputs);
  const field = callField({ args: list.values, sender }, list, new Map([['sender', '--sender']]));
  const { args: given, sender: caller } = field.members(['args', 'sender']);
  const values = chain.reader.arguments(method, given);
  if (sender === undefined)
    throw new FileError(`error: --sender: missing, ${method.name} is called in the same block: expected who calls it`);
  return { args: values, sender: chain.addresses.resolveAccount(caller) };
}

/** What is wrong where the method takes arguments and is given none. */
export function missingArguments(kind: FirstCallRequest['kind'], inputs: readonly ParameterInterface[]): string {
  return `--${kind}: missing, the contract has to be given ${argumentsText(inputs)}`;
}

/** `at=<u64> by=<address>` */
export function argumentsText(inputs: readonly ParameterInterface[]): string {
  return inputs.map(({ name, type }) => `${name}=<${type}>`).join(' ');
}
