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
import { Account, type AccountLike, accountOf, hex } from './account.js';
import { ContractCall } from './contract-call.js';
import { type AnnouncedEvent, eventsOf } from './events.js';
import type { Methods } from './methods.js';

/** What a contract needs of the chain that it is on. */
export interface CallMaker {
  /** Make a call in a block of its own. */
  make(call: ContractCall): Promise<Receipt>;
  /** Make a call on the state as it is, and drop what it writes. */
  look(call: ContractCall): Promise<Receipt>;
  /** What an address is called: an account's or a contract's name, or its digits. */
  nameOf(address: Uint8Array): string;
}

export type CallOptions = Pick<Transaction, 'gasLimit'>;

/** Of a view. Default sender: 32 zero bytes. */
export interface ViewOptions extends CallOptions {
  readonly as?: AccountLike;
}

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
   * Its methods, called by somebody: `await token.as(alice).transfer({ to: bob, amount: 5n })`. Where an argument is an address, an account or a contract does.
   * @throws MisuseError for what is no account.
   */
  as(who: AccountLike): Methods<Types, CallOptions> {
    const sender = accountOf(who);
    return this.#methods((method, args, options: CallOptions | undefined, stack) => {
      const call = this.#parts(sender, method, args, options, stack);
      return new ContractCall(call, async (made) => this.#maker.make(made));
    });
  }

  /** Its methods, each executed on the state as it is, without a trace: `await token.view.balanceOf({ owner: alice })`. */
  get view(): Methods<Types, ViewOptions> {
    return this.#methods((method, args, { as: who = new Uint8Array(32), ...options }: ViewOptions = {}, stack) => {
      const call = this.#parts(accountOf(who), method, args, options, stack);
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
    stack: string | undefined,
  ): ConstructorParameters<typeof ContractCall>[0] {
    const given = addressed(args) as Readonly<Record<string, unknown>>;
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
      stack: string | undefined,
    ) => ContractCall,
  ): Methods<Types, Options> {
    const known = calledMethods(this.deployed);
    const methods: object = new Proxy(
      {},
      {
        get: (_, name) => {
          if (typeof name === 'symbol' || (NO_METHODS.has(name) && !known.includes(name))) return undefined;
          const method = (args: Readonly<Record<string, unknown>> = {}, options?: Options): ContractCall => {
            if (!known.includes(name)) this.#refuseUnknown(name, known);
            return write(name, args, options, stackAbove(method));
          };
          return method;
        },
        has: (_, name) => known.includes(String(name)),
        ownKeys: () => [...known],
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

/** The constructor is not called by itself. */
function calledMethods({ interface: described, methods }: Contract): readonly string[] {
  return described?.methods.filter(({ kind }) => kind !== 'init').map(({ name }) => name) ?? methods;
}

/** With addresses in the place of accounts and contracts, however deep. */
export function addressed(value: unknown): unknown {
  if (value instanceof Account || value instanceof TestContract) return value.address;
  if (Array.isArray(value)) return value.map(addressed);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, addressed(field)]));
}

/** The lines of the stack from where `called` was called. */
function stackAbove(called: (...args: never[]) => unknown): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack?.split('\n').slice(1).join('\n');
}
