import type { Finding } from '../wasm/finding.js';
import type { Receipt } from './types.js';

/**
 * The errors a caller can meet. A contract's failure is never one of them: it is in the call's receipt.
 *
 * Every error carries a stable `code`, listed in the README, and a `cause` where another error is behind it.
 */
export class BlockStmError extends Error {
  /** Stable across versions; programs match on it, never on the message. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * The caller asked for something that cannot be: a wrong argument, use after close. Codes: `ERR_ARGUMENT`, `ERR_OPTION`, `ERR_CLOSED`, `ERR_STATE_MOVED`, `ERR_NO_STORE`,
 * `ERR_INTERFACE` (a client of another contract), and those of its subclasses.
 */
export class MisuseError extends BlockStmError {}

/** The `init` call of a deployment did not end `ok`, so nothing was deployed and no block was made. Code: `ERR_INIT`. */
export class InitError extends MisuseError {
  /** Of the call. */
  readonly receipt: Receipt;

  constructor(message: string, receipt: Receipt) {
    super('ERR_INIT', message);
    this.receipt = receipt;
  }
}

/** A view of a typed contract did not end `ok`, so it has no result. Code: `ERR_VIEW`. */
export class ViewError extends MisuseError {
  /** Of the call. */
  readonly receipt: Receipt;

  constructor(message: string, receipt: Receipt) {
    super('ERR_VIEW', message);
    this.receipt = receipt;
  }
}

/** A limit was reached. `limit` names the option to raise. Code: `ERR_CAPACITY`. */
export class CapacityError extends BlockStmError {
  /** The option, as written in the options object: `limits.locations`. */
  readonly limit: string;

  constructor(limit: string, message: string, options?: { cause?: unknown }) {
    super('ERR_CAPACITY', message, options);
    this.limit = limit;
  }
}

/** A Wasm module that cannot be deployed: code that is not allowed, `ERR_CHECK`; an interface or a storage layout that is not as documented, `ERR_INTERFACE`. */
export class ContractCodeError extends BlockStmError {
  /** Everything that `check` has to say against it; empty for `ERR_INTERFACE`, and where `instrument` was given it. */
  readonly findings: readonly Finding[];

  constructor(code: string, message: string, options?: { cause?: unknown; findings?: readonly Finding[] }) {
    super(code, message, options);
    this.findings = options?.findings ?? [];
  }
}

/** A worker thread died. The block it was working on changed nothing; the next one gets a fresh worker. Code: `ERR_WORKER`. */
export class WorkerError extends BlockStmError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_WORKER', message, options);
  }
}

/**
 * The store of a chain failed. What was durable before stays so. Codes: `ERR_STORE` (reading or writing failed, see `cause`), `ERR_STORE_FULL`, `ERR_STORE_READ_ONLY`, `ERR_STORE_GONE`,
 * `ERR_STORE_LOCKED`, `ERR_STORE_CORRUPT`, `ERR_STORE_VERSION`.
 */
export class StoreError extends BlockStmError {}

/** A block was cancelled by its `signal`, whose reason is the `cause`; it changed nothing. Code: `ERR_ABORTED`. */
export class AbortError extends BlockStmError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_ABORTED', message, options);
  }
}

/** Something that cannot happen did. Please report it, with the seed and the block that reproduce it. Code: `ERR_INVARIANT`. */
export class InvariantError extends BlockStmError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_INVARIANT', `${message} (a bug in blockstm, please report it with the block that shows it)`, options);
  }
}
