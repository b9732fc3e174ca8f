import type { ClientTypes, MethodTypes } from '../index.js';
import type { Account } from './account.js';
import type { ContractCall } from './contract-call.js';
import type { TestContract } from './test-contract.js';

/** What an argument is taken from: where an address goes, an account or a contract does too. */
export type Given<Value> = Value extends Uint8Array
  ? Value | Account | TestContract
  : Value extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : Value extends object
      ? { readonly [Name in keyof Value]: Given<Value[Name]> }
      : Value;

/** `args` may be left out where the method takes none. */
export type Arguments<Method extends MethodTypes, Options> = keyof Method['input'] extends never
  ? [args?: Readonly<Record<string, never>>, options?: Options]
  : [args: Given<Method['input']>, options?: Options];

/** Methods that are called by themselves: `deploy` calls the constructor. */
export type CalledName<Types extends ClientTypes> = {
  [Name in keyof Types['methods']]: Types['methods'][Name]['kind'] extends 'init' ? never : Name;
}[keyof Types['methods']];

/** The methods of a client. */
export type TypedMethods<Types extends ClientTypes, Options> = {
  readonly [Name in CalledName<Types>]: (
    ...rest: Arguments<Types['methods'][Name], Options>
  ) => ContractCall<Types['methods'][Name]['output']>;
};

/**
 * A contract's methods, by name: `transfer({ to: bob, amount: 5n })`. Their types are those of the client that `deploy` was given; without one, any name can be called.
 */
export type Methods<Types extends ClientTypes, Options> = ClientTypes extends Types
  ? // biome-ignore lint/suspicious/noExplicitAny: which methods there are is known when it runs; what is `unknown` could not be called
    Record<string, any>
  : TypedMethods<Types, Options>;

/** The fields of an event that a test looks for. */
export type SomeFields<Types extends ClientTypes, Name extends keyof Types['events']> = Partial<
  Given<Types['events'][Name]>
>;

/** The arguments of a constructor. */
export type InitArguments<Types extends ClientTypes> = ClientTypes extends Types
  ? Readonly<Record<string, unknown>>
  : {
      [Name in keyof Types['methods']]: Types['methods'][Name]['kind'] extends 'init'
        ? Given<Types['methods'][Name]['input']>
        : never;
    }[keyof Types['methods']];
