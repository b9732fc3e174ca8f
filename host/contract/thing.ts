// What expressions in code of the author's may stand for.

import type { AuthorClass, Meaning, Scope } from './names.js';
import type { FunctionDeclaration } from './syntax.js';

/** A function of the author's. */
export interface AuthorFunction {
  readonly declaration: FunctionDeclaration;
  /** With what its type parameters stand for, where it is called. */
  readonly scope: Scope;
  /** The class that its `this` is of. */
  readonly owner?: AuthorClass;
}

/** A function, or a class: then it is what makes the fields of its objects. */
export type AuthorCode = AuthorFunction | AuthorClass;

/** What an expression stands for: what a name does, or an object. */
export type Thing =
  | Meaning
  /** A storage field, and what its `get` gives. */
  | { readonly kind: 'field'; readonly value: Thing }
  /** A location, looked up. */
  | { readonly kind: 'slot'; readonly value: Thing }
  | { readonly kind: 'object'; readonly of: AuthorClass }
  | ({ readonly kind: 'method' } & AuthorFunction);

/** What cannot be seen. */
export const unknown: Thing = { kind: 'other' };
