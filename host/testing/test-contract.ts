import { beginsCode } from '../contract/interface.js';
import { nearestName } from '../contract/nearest-name.js';
import {
  type ClientTypes,
  type Contract,
  type ContractInterface,
  MisuseError,
  type Receipt,
  type Transaction,
  type TypedEvent,
  type Value,
} from '../index.js';
import { Account, type AccountLike, hex } from './account.js';
import { addressedArguments } from './addresses.js';
import { callSite, forTest } from './call-site.js';
import { type CallParts, ContractCall } from './contract-call.js';
import { type AnnouncedEvent, eventsOf } from './events.js';
import type { Methods } from './methods.js';
import { checkOptions } from './test-options.js';
import { UnmadeCalls } from './unmade-calls.js';

/** What a contract needs of the chain that it is on. */
export interface CallMaker {
  /** Make a call in a block of its own. */
  make(call: ContractCall): Promise<Receipt>;
  /** Make a call on the state as it is, and drop what it writes. */
  look(call: ContractCall): Promise<Receipt>;
  /** Who is meant. @throws MisuseError for what is no account, and for a contract's name. */
  accountOf(who: AccountLike): Account;
  /** What an address is called: an account's or a contract's name, or its digits. */
  nameOf(address: Uint8Array): string;
}

export type CallOptions = Pick<Transaction, 'gasLimit'>;

/** Of a view. Default sender: 32 zero bytes. */
export interface ViewOptions extends CallOptions {
  readonly as?: AccountLike;
}

const NOBODY = new Uint8Array(32);

/** What of a proxy is asked for by who awaits or prints it, and means no method. */
const NO_METHODS: ReadonlySet<string> = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType']);

/** A contract on a test's chain. `Types` are those of its client, where `deploy` was given one. */
export class TestContract<Types extends ClientTypes = ClientTypes> {
  readonly name: string;
  readonly address: Uint8Array;
  /** As the runtime knows it. */
  readonly deployed: Contract;
  readonly #maker: CallMaker;

  constructor(name: string, deployed: Contract, maker: CallMaker) {
    this.name = name;
    this.deployed = deployed;
    this.address = deployed.address;
    this.#maker = maker;
  }

  get interface(): ContractInterface | undefined {
    return this.deployed.interface;
  }

  /**
   * Its methods, called by somebody: `await token.as(alice).transfer({ to: bob, amount: 5n })`. Where an argument is an address, an account, its name or a contract does.
   * @throws MisuseError for what is no account.
   */
  as(who: AccountLike): Methods<Types, CallOptions> {
    const sender = forTest(this.as, () => this.#maker.accountOf(who));
    return this.#methods((method, args, options: CallOptions | undefined, stack) => {
      const call = this.#parts(sender, method, args, options, stack);
      return new ContractCall(call, async (made) => this.#maker.make(made));
    });
  }

  /** Its methods, each executed on the state as it is, without a trace: `await token.view.balanceOf({ owner: alice })`. */
  get view(): Methods<Types, ViewOptions> {
    return this.#methods((method, args, given: ViewOptions = {}, stack) => {
      checkOptions('view', given, ['as', 'gasLimit']);
      const { as: who = NOBODY, ...options } = given;
      const call = this.#parts(this.#maker.accountOf(who), method, args, options, stack);
      return new ContractCall(call, async (made) => this.#maker.look(made));
    });
  }

  /** @throws MisuseError where these are not the bytes of such an output. */
  decodeOutput(method: string, output: Uint8Array): Value | undefined {
    return this.deployed.decodeOutput(method, output);
  }

  /** The events of a call that this contract announced, decoded as far as its interface describes them. */
  events(receipt: Pick<Receipt, 'events'>): (ClientTypes extends Types ? AnnouncedEvent : TypedEvent<Types>)[] {
    return eventsOf(this, receipt) as (ClientTypes extends Types ? AnnouncedEvent : TypedEvent<Types>)[];
  }

  isOn(chain: CallMaker): boolean {
    return this.#maker === chain;
  }

  /** As it is written: `{ to: bob, amount: 5n }`. */
  describe(args: Readonly<Record<string, unknown>>): string {
    return Object.keys(args).length === 0 ? '' : this.#describe(args);
  }

  /** What an address is called, here. */
  nameOf(address: Uint8Array): string {
    return this.#maker.nameOf(address);
  }

  #describe(value: unknown): string {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'string') return JSON.stringify(value);
    if (value instanceof Account || value instanceof TestContract) return value.name;
    if (value instanceof Uint8Array) return value.length === 32 ? this.nameOf(value) : hex(value);
    if (Array.isArray(value)) return `[${value.map((item) => this.#describe(item)).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return String(value);
    return `{ ${Object.entries(value)
      .map(([name, field]) => `${name}: ${this.#describe(field)}`)
      .join(', ')} }`;
  }

  #parts(
    sender: Account,
    method: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions | undefined,
    stack: string,
  ): CallParts {
    const given = addressedArguments(this.interface, method, args, (name) => this.#maker.accountOf(name));
    const transaction = this.deployed.transaction(sender.address, method, given, options);
    // When it runs, all types are one.
    const contract = this as unknown as TestContract;
    return { contract, method, args, sender, transaction, stack };
  }

  #methods<Options>(
    write: (
      method: string,
      args: Readonly<Record<string, unknown>>,
      options: Options | undefined,
      stack: string,
    ) => ContractCall,
  ): Methods<Types, Options> {
    const known = this.interface?.methods.map(({ name }) => name) ?? this.deployed.methods;
    const called = calledMethods(this.deployed);
    const methods: object = new Proxy(
      {},
      {
        get: (_, name) => {
          if (typeof name === 'symbol' || (NO_METHODS.has(name) && !known.includes(name))) return undefined;
          const method = (args: Readonly<Record<string, unknown>> = {}, options?: Options): ContractCall =>
            forTest(method, () => {
              if (!known.includes(name)) this.#refuseUnknown(name, called);
              const call = write(name, args, options, callSite(method));
              UnmadeCalls.add(call);
              return call;
            });
          return method;
        },
        has: (_, name) => called.includes(String(name)),
        ownKeys: () => [...called],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
    return methods as Methods<Types, Options>;
  }

  #refuseUnknown(name: string, known: readonly string[]): never {
    const nearest = nearestName(name, known);
    const meant = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
    throw new MisuseError(
      'ERR_ARGUMENT',
      `${this.name} has no method "${name}"${meant}; it has ${known.length === 0 ? 'none' : known.join(', ')}`,
    );
  }
}

/** Those that begin a code's life are not called by themselves: who does it all the same learns that from the receipt. */
function calledMethods({ interface: described, methods }: Contract): readonly string[] {
  return described?.methods.filter(({ kind }) => !beginsCode(kind)).map(({ name }) => name) ?? methods;
}
