import type { Kernel } from './kernel.js';
import type { Code } from './protocol.js';

type Method = () => void;

/** A worker's instances of the contracts' code: one for each code, which every call finds as it was instantiated. */
export class Instances {
  /** By entry. */
  readonly methods: Method[] = [];
  /** Codes whose instance has grown its memory: memory cannot shrink, so no other call may find it. */
  readonly grown: Code[] = [];
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Instantiate a code. Throws what WebAssembly throws. */
  install(code: Code): void {
    const imports = this.#kernel.contractImports(() => this.grown.push(code));
    const { exports } = new WebAssembly.Instance(code.module, imports);
    code.methods.forEach((name, position) => {
      this.methods[code.firstEntry + position] = exports[name] as Method;
    });
  }

  /**
   * Put a new instance in the place of each that has grown. Throws what WebAssembly throws where the machine cannot give one; then this
   * must be done again before the next call.
   */
  renew(): void {
    for (const code of new Set(this.grown)) {
      this.install(code);
      this.grown.splice(0, this.grown.length, ...this.grown.filter((other) => other !== code));
    }
  }
}
