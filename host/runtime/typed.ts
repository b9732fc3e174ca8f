/**
 * A contract with the types of its methods and events, as `Branch.contract` gives it for a client.
 */
import type { ClientTypes, MethodTypes } from '../contract/client.js';
import type { Contract, Receipt, Transaction } from './types.js';

/** Methods that are called by themselves: `init` is called by `deploy`, and `migrate` by `upgrade`. */
export type CalledName<Types extends ClientTypes> = {
  [Name in keyof Types['methods']]: Types['methods'][Name]['kind'] extends 'init' | 'migrate' ? never : Name;
}[keyof Types['methods']];

/** What follows the sender of a call: `args` may be left out where the method takes none. */
export type CallArguments<Method extends MethodTypes, Options> = keyof Method['input'] extends never
  ? [args?: Readonly<Record<string, never>>, options?: Options]
  : [args: Method['input'], options?: Options];

/** How a view is made. */
export interface ViewOptions extends Pick<Transaction, 'gasLimit'> {
  /** Who calls: 32 bytes. Default: all zero. */
  readonly sender?: Uint8Array;
}

/** Makes transactions, to be put into a block. Throws what `Contract.transaction` throws. */
export type TypedCalls<Types extends ClientTypes> = {
  readonly [Name in CalledName<Types>]: (
    sender: Uint8Array,
    ...rest: CallArguments<Types['methods'][Name], Pick<Transaction, 'gasLimit'>>
  ) => Transaction;
};

/**
 * Calls on the last committed state, and gives what the call gave back; what it wrote is dropped. Rejects with a ViewError `ERR_VIEW`, which has the receipt, where the call does not
 * end `ok`.
 */
export type TypedViews<Types extends ClientTypes> = {
  readonly [Name in CalledName<Types>]: (
    ...rest: CallArguments<Types['methods'][Name], ViewOptions>
  ) => Promise<Types['methods'][Name]['output']>;
};

/** Decodes what a call gave back. Throws MisuseError `ERR_ARGUMENT` for the receipt of a call that did not end `ok`, or of another method, and for what is no receipt. */
export type TypedDecoders<Types extends ClientTypes> = {
  readonly [Name in keyof Types['methods']]: (
    receipt: Pick<Receipt, 'status' | 'output' | 'error'>,
  ) => Types['methods'][Name]['output'];
};

/** An event of a contract, decoded. */
export type TypedEvent<Types extends ClientTypes> = {
  [Name in keyof Types['events'] & string]: { readonly name: Name; readonly fields: Readonly<Types['events'][Name]> };
}[keyof Types['events'] & string];

/** A deployed contract, with the types of a client. */
export interface TypedContract<Types extends ClientTypes> {
  /** The contract without types. */
  readonly contract: Contract;
  readonly address: Uint8Array;
  readonly call: TypedCalls<Types>;
  readonly view: TypedViews<Types>;
  readonly decode: TypedDecoders<Types>;
  /** The events of a receipt that this contract announced, in order. Any that its interface does not describe is left out. Throws MisuseError `ERR_ARGUMENT` for what is no receipt. */
  events(receipt: Pick<Receipt, 'events'>): TypedEvent<Types>[];
}

/** A typed event as `subscribe` gives it. */
export type TypedChainEvent<Types extends ClientTypes> = TypedEvent<Types> & {
  readonly height: bigint;
  /** TxIndex of the call that announced it. */
  readonly index: number;
};

/** Which typed events `subscribe` gives. */
export interface TypedEventFilter<Types extends ClientTypes> {
  /** Only of this one. */
  readonly contract: TypedContract<Types>;
  /** Only those with this topic, see `encodeTopic`; a string means its UTF-8 bytes. */
  readonly topic?: Uint8Array | string;
}
