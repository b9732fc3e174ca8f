import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { decodeOutput, encodeInput } from '../contract/codec.js';
import type { ContractInterface } from '../contract/interface.js';
import type { StorageLayout } from '../contract/layout.js';
import { layoutDifference } from '../contract/layout-difference.js';
import type { MethodTargets, NamedTargets, Target } from '../engine/calls.js';
import type { ReachableContract, ReachableContracts } from '../engine/directory.js';
import type { FirstCallKind } from '../engine/protocol.js';
import { UNKNOWN_CONTRACT, UNKNOWN_METHOD } from '../engine/traps.js';
import { AddressTable } from './address-table.js';
import type { CheckedCode } from './codes.js';
import { InvariantError, MisuseError } from './errors.js';
import { aGasLimit, options, resolve } from './option-schema.js';
import type { Contract } from './types.js';

const ADDRESS_BYTES = 32;
const unknownMethod: Target = { entry: -1, contract: UNKNOWN_METHOD };
const unknownContract: Target = { entry: -1, contract: UNKNOWN_CONTRACT };
const noMethods: MethodTargets = { find: () => unknownContract };

const transactionSchema = options({ gasLimit: v.optional(aGasLimit) });

/** A code at an address. */
interface Deployed extends MethodTargets, ReachableContract {
  readonly contract: Contract;
  readonly checked: CheckedCode;
  /** How many deployments and upgrades of the branch are older. */
  readonly ordinal: number;
}

/** The contracts of a branch, by address. */
export class Contracts implements NamedTargets, ReachableContracts {
  /** The codes that an address has had here, the oldest first. */
  readonly #own = new AddressTable<Deployed[]>();
  /** The same ones, of all addresses, the oldest first. */
  readonly #deployed: Deployed[] = [];
  /** Of every branch, by their index in the engine. */
  readonly #addresses: Uint8Array[];
  readonly #parent: Contracts | undefined;
  /** Deployments and upgrades of the parent that were done when this one was made. */
  readonly #inherited: number;
  #done: number;
  #deployments: number;
  #upgrades: number;
  /** See `origin`. */
  #line: object = {};

  /** It is a fork for one block, which puts codes in their places. */
  readonly #isOfBlock: boolean;

  constructor(addresses: Uint8Array[] = [], parent?: Contracts, isOfBlock = false) {
    this.#addresses = addresses;
    this.#parent = parent;
    this.#isOfBlock = isOfBlock;
    this.#inherited = parent === undefined ? 0 : parent.#done;
    this.#done = this.#inherited;
    this.#deployments = parent === undefined ? 0 : parent.#deployments;
    this.#upgrades = parent === undefined ? 0 : parent.#upgrades;
  }

  /** Contracts that a branch starts with which begins here: what either adds, the other does not see. */
  fork(): Contracts {
    return new Contracts(this.#addresses, this);
  }

  /** The contracts as a block finds them that puts codes in their places. */
  forBlock(): Contracts {
    return new Contracts(this.#addresses, this, true);
  }

  /** Deployments and upgrades. */
  get count(): number {
    return this.#done;
  }

  /** Changes with every upgrade: where calls go has to be looked up again. */
  get revision(): number {
    return this.#upgrades;
  }

  /** The address for a contract: the one given, or a new one made from the code. @throws MisuseError where it is malformed or taken. */
  chooseAddress(code: CheckedCode, address: Uint8Array | undefined): Uint8Array {
    const chosen = address ?? createHash('sha256').update(`${code.hash}:${this.#deployments}`).digest();
    refuseNoAddress('deploy: address', chosen);
    if (this.#find(chosen) !== undefined) {
      const digits = Buffer.from(chosen).toString('hex');
      throw new MisuseError('ERR_ARGUMENT', `deploy: there is a contract at 0x${digits} already`);
    }
    return new Uint8Array(chosen);
  }

  /** The address of a contract that is to have another code. @throws MisuseError where there is none, it has this code, or the code is not for what is stored. */
  chooseUpgraded(code: CheckedCode, address: Uint8Array, allowUnsafe: boolean): Uint8Array {
    refuseNoAddress('upgrade: address', address);
    const digits = Buffer.from(address).toString('hex');
    const found = this.#find(address);
    if (found === undefined) throw new MisuseError('ERR_ARGUMENT', `upgrade: there is no contract at 0x${digits}`);
    if (found.checked.hash === code.hash) {
      throw new MisuseError('ERR_ARGUMENT', `upgrade: the contract at 0x${digits} has this code already`);
    }
    if (!allowUnsafe) refuseUnsafe(found.checked.layout, code.layout);
    return new Uint8Array(address);
  }

  /** Have `code` at `address`: that of a new contract, whose index `add` gives, or from now on that of the one which is there. */
  put(code: CheckedCode, address: Uint8Array, add: (address: Uint8Array) => number): void {
    const known = this.#find(address);
    if (known === undefined) this.#deployments++;
    else this.#upgrades++;
    const index = known?.index ?? add(address);
    this.#addresses[index] = address;
    const deployed = {
      contract: makeContract(code, address),
      checked: code,
      code: code.firstEntry,
      index,
      ordinal: this.#done++,
      ...targetsOf(code, index, this.#reached(known)),
    };
    this.#deployed.push(deployed);
    const codes = this.#own.get(address);
    if (codes === undefined) this.#own.set(address, [deployed]);
    else codes.push(deployed);
  }

  /** Which method that begins the code's life is found here: that of what a block puts in its place, in that block. */
  #reached(known: Deployed | undefined): FirstCallKind | undefined {
    if (!this.#isOfBlock) return undefined;
    return known === undefined ? 'init' : 'migrate';
  }

  /** Have what a fork of it has put. */
  adopt(fork: Contracts): void {
    for (const { checked, contract, index } of fork.#deployed) {
      this.put(checked, contract.address, () => index);
    }
  }

  /** What this fork has put will not be. */
  drop(): void {
    for (const { index, contract } of this.#deployed) {
      if (this.#parent?.get(contract.address) === undefined) delete this.#addresses[index];
    }
    // Whoever has seen them has seen what is not there.
    (this.#parent as Contracts).#restart();
  }

  #restart(): void {
    this.#line = {};
  }

  /** @throws MisuseError for what is no address. */
  get(address: Uint8Array): Contract | undefined {
    refuseNoAddress('contract: address', address);
    return this.#find(address)?.contract;
  }

  /** The layout of the contract that was at `address` when `count` was that. */
  layoutOf(address: Uint8Array, count: number): StorageLayout | undefined {
    return this.#find(address, ({ ordinal }) => ordinal < count)?.contract.layout;
  }

  methodsOf(contract: Uint8Array): MethodTargets {
    return this.#find(contract) ?? noMethods;
  }

  /** That of whoever deployed the last of them: a fork that has deployed none has its parent's. What a block puts in its place its parent adopts, unless it drops it. */
  get origin(): object {
    if (this.#isOfBlock && this.#deployed.length > 0) return (this.#parent as Contracts).#line;
    let origin: Contracts = this;
    while (origin.#deployed.length === 0 && origin.#parent !== undefined) origin = origin.#parent;
    return origin.#line;
  }

  from(first: number): readonly ReachableContract[] {
    return this.#from(first);
  }

  #from(first: number): readonly Deployed[] {
    const inherited =
      this.#parent === undefined ? [] : this.#parent.#from(first).slice(0, Math.max(0, this.#inherited - first));
    return [...inherited, ...this.#deployed.slice(Math.max(0, first - this.#inherited))];
  }

  /** Each with the code that it has now. */
  all(): Contract[] {
    return [...new Map(this.#from(0).map(({ index, contract }) => [index, contract])).values()];
  }

  namesOf({ entry, contract }: Target): { readonly contract: Uint8Array; readonly method: string } {
    const address = this.#addresses[contract] as Uint8Array;
    const found = this.#find(address, ({ checked }) => checked.methods[entry - checked.firstEntry] !== undefined);
    if (found === undefined) throw new InvariantError(`no code of contract ${contract} has the entry ${entry}`);
    return { contract: address, method: found.checked.methods[entry - found.checked.firstEntry] as string };
  }

  /** The newest of the codes that the branch has seen at `address`, and that `isWanted`. */
  #find(address: Uint8Array, isWanted?: (deployed: Deployed) => boolean): Deployed | undefined {
    let visible = this.#done;
    for (let at: Contracts | undefined = this; at !== undefined; at = at.#parent) {
      const codes = at.#own.get(address);
      for (let position = (codes?.length ?? 0) - 1; position >= 0; position--) {
        const deployed = codes?.[position] as Deployed;
        if (deployed.ordinal < visible && (isWanted?.(deployed) ?? true)) return deployed;
      }
      visible = Math.min(visible, at.#inherited);
    }
    return undefined;
  }

  /** The address of contract `index`, a copy. */
  addressOf(index: number): Uint8Array {
    return new Uint8Array(this.#addresses[index] as Uint8Array);
  }

  /** The addresses of the contracts whose index is `first` or more, with their index, ascending. An index whose deployment failed has none. */
  addressesFrom(first: number): [index: number, address: Uint8Array][] {
    return this.#addresses.slice(first).flatMap((address, position) => [[first + position, address]]);
  }
}

/** Where calls of a contract's methods go. Those that begin a code's life are found by no other call than that: only the `reached` one is. */
function targetsOf(code: CheckedCode, index: number, reached: FirstCallKind | undefined): MethodTargets {
  const targets = new Map<string, Target>();
  for (const [position, name] of code.methods.entries()) {
    const kind = code.firstCalls?.get(name);
    if (kind === undefined || kind === reached) {
      targets.set(name, { entry: code.firstEntry + position, contract: index });
    }
  }
  return { find: (method) => targets.get(method) ?? unknownMethod };
}

function makeContract(code: CheckedCode, address: Uint8Array): Contract {
  // Calls of one contract name it by one array, which is looked up once.
  const called = new Uint8Array(address);
  return {
    get address() {
      return new Uint8Array(address);
    },
    codeHash: code.hash,
    methods: code.methods,
    interface: code.interface,
    layout: code.layout,
    transaction: (sender, method, args = {}, given = {}) => {
      const { gasLimit } = resolve('options', transactionSchema, given);
      refuseNoAddress(`${method}: sender`, sender);
      return {
        sender,
        contract: called,
        method,
        input: encodeInput(interfaceOf(code, method), method, args),
        ...(gasLimit !== undefined && { gasLimit }),
      };
    },
    decodeOutput: (method, output) => decodeOutput(interfaceOf(code, method), method, output),
  };
}

function interfaceOf(code: CheckedCode, method: string): ContractInterface {
  if (code.interface !== undefined) return code.interface;
  throw new MisuseError('ERR_ARGUMENT', `${method}: the contract carries no interface to encode or decode by`);
}

/** @throws MisuseError `ERR_ARGUMENT` */
function refuseNoAddress(what: string, value: unknown): void {
  if (value instanceof Uint8Array && value.length === ADDRESS_BYTES) return;
  throw new MisuseError('ERR_ARGUMENT', `${what} must be a Uint8Array of ${ADDRESS_BYTES} bytes`);
}

/** @throws MisuseError `ERR_LAYOUT` also where either says nothing of its layout: then nothing is known to be safe. */
function refuseUnsafe(before: StorageLayout | undefined, after: StorageLayout | undefined): void {
  if (before === undefined || after === undefined) {
    const which = before === undefined ? 'code that is there' : 'new code';
    throw new MisuseError(
      'ERR_LAYOUT',
      `upgrade: the ${which} has no storage layout, so nothing can be compared (allowUnsafe does without)`,
    );
  }
  const unsafe = layoutDifference(before, after).filter(({ isSafe }) => !isSafe);
  if (unsafe.length === 0) return;
  const told = unsafe.map(({ field, kind }) => `"${field}" is ${kind}`).join(', ');
  throw new MisuseError('ERR_LAYOUT', `upgrade: the new code is not for what is stored: ${told} (allowUnsafe goes on)`);
}
