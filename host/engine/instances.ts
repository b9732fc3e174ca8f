import type { Kernel } from './kernel.js';
import type { Code } from './protocol.js';
import { learnTraps, trapNumber } from './traps.js';

type Method = () => void;

/** An instance of a code: number 0 runs what transactions call, the others what is called while those below run. */
interface Place {
  readonly code: Code;
  readonly position: number;
}

/** Instances that a worker keeps besides the first of each code. Only contracts that share their code and call each other need any. */
const FURTHER_KEPT = 128;
const NO_MEMORY = -1;

/**
 * A worker's instances of the contracts' code. Every call finds its own as it was instantiated. A transaction's call runs on the first one; the code of a contract that
 * others call may be on the stack already, for another contract, and then it is one of the further ones, made when it is first needed.
 */
export class Instances {
  /** Of the first instance of each code, by entry. */
  readonly methods: Method[] = [];
  /** Those that have grown their memory: memory cannot shrink, so no other call may find it. */
  readonly grown: Place[] = [];
  readonly #kernel: Kernel;
  readonly #traps = learnTraps();
  /** By entry. */
  readonly #codes: Code[] = [];
  /** The methods of further instances: by position, then by entry. */
  readonly #further: Method[][] = [];
  #furtherCount = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.serve((entry, position, isTried) => this.#run(entry, position, isTried !== 0));
  }

  /** Instantiate a code. Throws what WebAssembly throws. */
  install(code: Code): void {
    this.#instantiate({ code, position: 0 }, this.methods);
    code.methods.forEach((_, index) => {
      this.#codes[code.firstEntry + index] = code;
    });
  }

  #instantiate(place: Place, methods: Method[]): void {
    const { code } = place;
    const imports = this.#kernel.contractImports(() => this.grown.push(place));
    const { exports } = new WebAssembly.Instance(code.module, imports as WebAssembly.Imports);
    code.methods.forEach((name, index) => {
      methods[code.firstEntry + index] = exports[name] as Method;
    });
  }

  /** Something must be done before the next transaction. */
  get isRenewalDue(): boolean {
    return this.grown.length > 0 || this.#furtherCount > FURTHER_KEPT;
  }

  /**
   * Put a new instance in the place of each that has grown. Throws what WebAssembly throws where the machine cannot give one; then this
   * must be done again before the next transaction.
   */
  renew(): void {
    for (const place of new Set(this.grown)) this.#replace(place);
    if (this.#furtherCount <= FURTHER_KEPT) return;
    this.#further.length = 0;
    this.#furtherCount = 0;
  }

  #replace(place: Place): void {
    if (place.position === 0) this.#instantiate(place, this.methods);
    else this.#instantiate(place, this.#furtherAt(place.position));
    this.grown.splice(0, this.grown.length, ...this.grown.filter((other) => other !== place));
  }

  #furtherAt(position: number): Method[] {
    this.#further[position] ??= [];
    return this.#further[position];
  }

  /** For the kernel: see `RunMethod`. */
  #run(entry: number, position: number, isTried: boolean): number {
    const method = this.#methodAt(entry, position);
    if (method === undefined) return NO_MEMORY;
    if (!isTried) {
      method();
      return 0;
    }
    try {
      method();
      return 0;
    } catch (error) {
      const trap = trapNumber(this.#traps, error);
      if (trap === undefined) throw error;
      return trap;
    }
  }

  /** The method on an instance that is as it was instantiated, or will be when it is reset. Undefined where the machine cannot give one. */
  #methodAt(entry: number, position: number): Method | undefined {
    const methods = position === 0 ? this.methods : this.#furtherAt(position);
    const known = methods[entry];
    if (known !== undefined && this.grown.length === 0) return known;
    const code = this.#codes[entry] as Code;
    const grown = this.grown.find((place) => place.code === code && place.position === position);
    try {
      if (grown !== undefined) this.#replace(grown);
      else if (known === undefined) {
        this.#instantiate({ code, position }, methods);
        this.#furtherCount++;
      }
    } catch {
      return undefined;
    }
    return methods[entry];
  }
}
