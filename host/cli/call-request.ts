import type { Command } from 'commander';
import { beginsCode } from '../contract/interface.js';
import type { Contract, ContractInterface, MethodKind, Transaction } from '../index.js';
import { argumentField } from './argument-field.js';
import { callField, readArguments } from './argument-list.js';
import type { Chain } from './chain.js';
import { FileError } from './json-field.js';
import { expectedName } from './nearest-name.js';
import { printable } from './printable.js';
import { methodLines, typeLines } from './signature-text.js';
import { stateOption } from './state-directory.js';

/** A call as it is given on the command line. */
export interface CallRequest {
  readonly contract: string;
  /** Undefined where none is given, which is refused. */
  readonly method: string | undefined;
  /** Each `name=value`. */
  readonly args: readonly string[];
  /** Likewise. */
  readonly sender: string | undefined;
  readonly gasLimit?: number;
  /** The encoded arguments, in place of `args`. */
  readonly input?: string;
}

const PLACES: ReadonlyMap<unknown, string> = new Map([
  ['sender', '--sender'],
  ['gasLimit', '--gas-limit'],
  ['input', '--input'],
]);

/** The arguments and options of a command that makes a call. */
export function withCall(command: Command): Command {
  return command
    .argument('<contract>', "the contract's name or address")
    .argument('[method]', 'what is called')
    .argument('[name=value...]', 'its arguments')
    .addOption(stateOption())
    .option('--methods', "show the contract's methods and how their arguments are given, and call nothing")
    .option('--input <hex>', 'the encoded arguments, in place of name=value: "0x" and hex digits');
}

/**
 * The transaction that is asked for. Other than in a block file, contract and method have to be there: nobody wants a receipt for a slip of the pen.
 * @throws FileError naming the argument.
 */
export function readCall(chain: Chain, { contract, method, args, sender, gasLimit, input }: CallRequest): Transaction {
  const address = chain.addresses.resolveContract(argumentField(contract, () => 'contract'));
  const callee = chain.runtime.contract(address) as Contract;
  const first = callee.interface?.methods.filter(({ kind }) => beginsCode(kind)).map(({ name }) => name) ?? [];
  const called = callee.methods.filter((name) => !first.includes(name));
  if (method === undefined)
    throw new FileError(`error: method: missing, ${expectedName('', called)} (--methods says more)`);
  if (sender === undefined) throw new FileError("error: required option '--sender <account>' not specified");
  if (!callee.methods.includes(method)) {
    argumentField(method, () => 'method').fail(`${contract} has no method ${method}, ${expectedName(method, called)}`);
  }
  const described = callee.interface?.methods.find(({ name }) => name === method);
  refuseFirst(`${contract}.${method}`, described?.kind);
  const inputs = described?.inputs;
  if (inputs === undefined && input === undefined) {
    argumentField(method, () => 'method').fail(`${contract} does not describe what it takes: give that by --input`);
  }
  const list = readArguments(args, inputs ?? []);
  const call = {
    sender,
    contract,
    method,
    ...(gasLimit !== undefined && { gasLimit }),
    ...(input !== undefined && { input }),
    ...((input === undefined || args.length > 0) && { args: list.values }),
  };
  return chain.reader.read(callField(call, list, PLACES));
}

/** @throws FileError for a method that begins a code's life. */
function refuseFirst(method: string, kind: MethodKind | undefined): void {
  if (!beginsCode(kind)) return;
  const caller = kind === 'init' ? 'blockstm deploy --init' : 'blockstm upgrade --migrate';
  throw new FileError(`error: method: ${method} is called by ${caller}, and by nobody else`);
}

/** What there is to call, as `--methods` shows it. @throws FileError where there is no such contract. */
export function describeMethods(chain: Chain, name: string): { interface: ContractInterface | null; text: string } {
  const callee = chain.runtime.contract(chain.addresses.resolveContract(argumentField(name, () => 'contract')));
  const { interface: described, methods } = callee as Contract;
  if (described === undefined)
    return { interface: null, text: methods.map((each) => `  ${printable(each)}\n`).join('') };
  const types = typeLines(described);
  return { interface: described, text: `${methodLines(described)}${types === '' ? '' : `\n${types}`}` };
}
