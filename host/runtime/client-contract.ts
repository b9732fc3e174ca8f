import * as v from 'valibot';
import type { ClientTypes, ContractClient } from '../contract/client.js';
import { decodeOutput } from '../contract/codec.js';
import { decodeEvent } from '../contract/event-codec.js';
import { describeFound } from '../contract/found.js';
import { beginsCode, type ContractInterface } from '../contract/interface.js';
import { interfaceDifference } from '../contract/interface-difference.js';
import { MisuseError, ViewError } from './errors.js';
import { describeFailure } from './failure.js';
import { aGasLimit, anAddress, options, resolve } from './option-schema.js';
import type { TypedCalls, TypedContract, TypedDecoders, TypedEvent, TypedViews, ViewOptions } from './typed.js';
import type { Contract, ContractEvent, Receipt, Transaction } from './types.js';

const viewSchema = options({ sender: v.optional(anAddress), gasLimit: v.optional(aGasLimit) });
const NOBODY = new Uint8Array(32);

type Arguments = Readonly<Record<string, unknown>>;

/** A deployed contract, called by a client's interface: at run time all types are one. */
export class ClientContract<Types extends ClientTypes> implements TypedContract<Types> {
  readonly contract: Contract;
  readonly call: TypedCalls<Types>;
  readonly view: TypedViews<Types>;
  readonly decode: TypedDecoders<Types>;
  readonly #interface: ContractInterface;
  readonly #address: Uint8Array;
  readonly #run: (call: Transaction) => Promise<Receipt>;

  /**
   * @param run executes a view.
   * @throws MisuseError `ERR_INTERFACE` where the contract is not what the client is for.
   */
  constructor(client: ContractClient<Types>, contract: Contract, run: (call: Transaction) => Promise<Receipt>) {
    this.contract = contract;
    this.#address = contract.address;
    this.#interface = matching(client, contract);
    this.#run = run;
    const names = this.#interface.methods.map(({ name }) => name);
    const called = this.#interface.methods.filter(({ kind }) => !beginsCode(kind)).map(({ name }) => name);
    const calls = called.map((name) => [name, this.#caller(name)] as const);
    const views = called.map((name) => [name, this.#viewer(name)] as const);
    const decoders = names.map((name) => [name, (receipt: Receipt) => this.#result(name, receipt)] as const);
    this.call = Object.fromEntries(calls) as unknown as TypedCalls<Types>;
    this.view = Object.fromEntries(views) as unknown as TypedViews<Types>;
    this.decode = Object.fromEntries(decoders) as unknown as TypedDecoders<Types>;
  }

  get address(): Uint8Array {
    return this.contract.address;
  }

  events(receipt: Pick<Receipt, 'events'>): TypedEvent<Types>[] {
    if (!Array.isArray(receipt?.events)) throw noReceipt(`${this.#interface.name}.events`, receipt);
    return receipt.events.flatMap((event) => this.decodeEvent(event) ?? []);
  }

  /** Undefined for one of another contract, and one that the interface does not describe. */
  decodeEvent(event: ContractEvent): TypedEvent<Types> | undefined {
    if (Buffer.compare(event.contract, this.#address) !== 0) return undefined;
    try {
      return decodeEvent(this.#interface, event) as TypedEvent<Types> | undefined;
    } catch (error) {
      // A contract may announce something else than it says.
      if (error instanceof MisuseError) return undefined;
      throw error;
    }
  }

  #caller(name: string) {
    return (sender: Uint8Array, args?: Arguments, options?: Pick<Transaction, 'gasLimit'>): Transaction =>
      this.contract.transaction(sender, name, args, options);
  }

  #viewer(name: string) {
    return async (args?: Arguments, given: ViewOptions = {}): Promise<unknown> => {
      const { sender = NOBODY, gasLimit } = resolve('options', viewSchema, given);
      const options = gasLimit === undefined ? {} : { gasLimit };
      const receipt = await this.#run(this.contract.transaction(sender, name, args, options));
      if (receipt.status === 'ok') return this.#result(name, receipt);
      throw new ViewError(`${this.#interface.name}.${name} ended ${describeFailure(receipt)}`, receipt);
    };
  }

  #result(name: string, receipt: Receipt): unknown {
    if (typeof receipt?.status !== 'string') throw noReceipt(`${this.#interface.name}.${name}`, receipt);
    if (receipt.status === 'ok') return decodeOutput(this.#interface, name, receipt.output);
    throw new MisuseError(
      'ERR_ARGUMENT',
      `${this.#interface.name}.${name} ended ${describeFailure(receipt)}: it gave nothing back`,
    );
  }
}

function noReceipt(place: string, found: unknown): MisuseError {
  return new MisuseError('ERR_ARGUMENT', `${place}: expected a receipt, found ${describeFound(found)}`);
}

/** The client's interface. @throws MisuseError `ERR_INTERFACE` where it is not the contract's. */
function matching({ interface: ours }: ContractClient<ClientTypes>, contract: Contract): ContractInterface {
  const at = `0x${Buffer.from(contract.address).toString('hex')}`;
  if (contract.interface === undefined) {
    throw new MisuseError('ERR_INTERFACE', `the contract at ${at} carries no interface that a client could be for`);
  }
  const found = interfaceDifference(ours, contract.interface);
  if (found === undefined) return ours;
  throw new MisuseError(
    'ERR_INTERFACE',
    `the client of "${ours.name}" is not for the contract at ${at}: ${found.place} is ${found.ours} in the client and ${found.theirs} in the contract`,
  );
}
