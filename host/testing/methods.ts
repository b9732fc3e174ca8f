import type { ClientTypes, MethodTypes } from '../index.js';
import type { Account } from './account.js';
import type { ContractCall } from './contract-call.js';
import type { TestContract } from './test-contract.js';

/** What an argument is taken from: where an address goes, an account, its name or a contract does too. (Bytes have the type of an address: a name in their place is refused when it runs.) */
export type Given<Value> = Value extends Uint8Array
  ? Value | Account | TestContract | string
  : Value extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : Value extends object
      ? { readonly [Name in keyof Value]: Given<Value[Name]> }
      : Value;

/** `args` may be left out where the method takes none. */
export type Arguments<Method extends MethodTypes, Options> = keyof Method['input'] extends never
  ? [args?: Readonly<Record<string, never>>, options?: Options]
  : [args: Given<Method['input']>, options?: Options];

/** The methods of a client. Those that `deploy` and `upgrade` call too: a test may show that nobody else can. */
export type TypedMethods<Types extends ClientTypes, Options> = {
  readonly [Name in keyof Types['methods']]: (
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

/** The arguments of the method that new code begins with: `init` for a constructor, `migrate` for what an upgrade calls. */
export type FirstArguments<Types extends ClientTypes, Kind extends 'init' | 'migrate'> = ClientTypes extends Types
  ? Readonly<Record<string, unknown>>
  : {
      [Name in keyof Types['methods']]: Types['methods'][Name]['kind'] extends Kind
        ? Given<Types['methods'][Name]['input']>
        : never;
    }[keyof Types['methods']];
