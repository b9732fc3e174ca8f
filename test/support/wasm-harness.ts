import { learnTraps, trapNumber } from '../../dist/host/engine/traps.js';
import { Random } from './random.js';

/** How one call went. */
export interface Outcome {
  /** What the call asked of its imports, in order. */
  readonly log: readonly string[];
  /** `returned`, `interrupted` by an import, or the number of the trap. */
  readonly end: string;
  /** Instrumented modules only. */
  readonly gasUsed: bigint;
  readonly stackUsed: number;
  readonly isOutOfGas: boolean;
  readonly hasGrown: boolean;
}

export interface CallOptions {
  readonly gas?: bigint;
  /** The import call at which the kernel unwinds the call, counted from 0. */
  readonly interruptAt?: number;
}

class Interrupted extends Error {}

const traps = learnTraps();
const PLENTY = 1n << 60n;
const STACK = 1 << 20;

/** An instance of a module, original or instrumented, whose imports write down what is asked of them. */
export class Harness {
  readonly #gas = new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  readonly #stackLeft = new WebAssembly.Global({ value: 'i32', mutable: true }, STACK);
  readonly #exports: WebAssembly.Exports;
  #log: string[] = [];
  #interruptAt = Number.POSITIVE_INFINITY;
  #random = new Random(1);
  #hasGrown = false;

  constructor(module: WebAssembly.Module) {
    const asked = (text: string): void => {
      if (this.#log.length === this.#interruptAt) throw new Interrupted();
      this.#log.push(text);
    };
    const blockstm = {
      push: (word: bigint) => asked(`push ${word}`),
      take: () => {
        asked('take');
        return BigInt(this.#random.next()) << BigInt(this.#random.below(33));
      },
    };
    const worker = {
      gas: this.#gas,
      stackLeft: this.#stackLeft,
      memoryLimit: () => asked('memoryLimit'),
      memoryRefused: () => asked('memoryRefused'),
      grown: () => {
        this.#hasGrown = true;
      },
    };
    // binaryen's random modules show what they compute by calls of these.
    const names = WebAssembly.Module.imports(module).filter(({ module }) => module === 'fuzzing-support');
    const fuzzing = names.map(({ name }) => [name, (...values: unknown[]) => asked(`${name} ${values.join(' ')}`)]);
    this.#exports = new WebAssembly.Instance(module, {
      blockstm,
      'blockstm.worker': worker,
      'fuzzing-support': Object.fromEntries(fuzzing),
    }).exports;
  }

  /** The value of an exported global of type i64. */
  global(name: string): bigint {
    return (this.#exports[name] as WebAssembly.Global<'i64'>).value;
  }

  call(method: string, { gas = PLENTY, interruptAt = Number.POSITIVE_INFINITY }: CallOptions = {}): Outcome {
    this.#log = [];
    this.#interruptAt = interruptAt;
    this.#random = new Random(method.length);
    this.#gas.value = gas;
    this.#stackLeft.value = STACK;
    const end = this.#run(method);
    const left = this.#gas.value;
    return {
      log: this.#log,
      end,
      gasUsed: gas - left,
      stackUsed: STACK - this.#stackLeft.value,
      isOutOfGas: left < 0n,
      hasGrown: this.#hasGrown,
    };
  }

  #run(method: string): string {
    try {
      (this.#exports[method] as () => void)();
      return 'returned';
    } catch (error) {
      if (error instanceof Interrupted) return 'interrupted';
      if (error instanceof RangeError) return 'stack';
      // Those of floats have no number: no contract has any.
      if (error instanceof WebAssembly.RuntimeError) return `trap ${trapNumber(traps, error) ?? error.message}`;
      throw error;
    }
  }
}
