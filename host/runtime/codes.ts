import { beginsCode, type ContractInterface } from '../contract/interface.js';
import type { StorageLayout } from '../contract/layout.js';
import { readInterface, readLayout } from '../contract/module-interface.js';
import type { Code, FirstCallKind } from '../engine/protocol.js';
import { codeHash } from '../wasm/code-hash.js';
import { CodePositions } from '../wasm/code-positions.js';
import { compileCode, methodsOf, refuseNoBytes } from './contract-code.js';

/** A module that can be deployed: checked, compiled, with its methods' entries given out. */
export interface CheckedCode extends Code {
  readonly hash: string;
  readonly interface: ContractInterface | undefined;
  readonly layout: StorageLayout | undefined;
}

/** The code that a runtime's workers have installed, by its hash. */
export class Codes {
  readonly #codes = new Map<string, CheckedCode>();
  /** By entry. */
  readonly #methods: string[] = [];
  /** Original modules by their code's hash, if they are kept; then what was read of those that somebody asked about. */
  readonly #originals: Map<string, Uint8Array | CodePositions> | undefined;

  /** `keepsOriginals`: whether `positionsOf` is to be asked. */
  constructor(keepsOriginals: boolean) {
    this.#originals = keepsOriginals ? new Map() : undefined;
  }

  /** The code of `wasm`, checked, and whether it is one that was not known before. @throws ContractCodeError */
  async check(wasm: Uint8Array): Promise<{ readonly code: CheckedCode; readonly isNew: boolean }> {
    refuseNoBytes('deploy', wasm);
    const hash = codeHash(wasm);
    const known = this.#codes.get(hash);
    if (known !== undefined) return { code: known, isNew: false };
    const module = await compileCode(wasm, hash);
    const methods = methodsOf(module);
    this.#originals?.set(hash, new Uint8Array(wasm));
    const described = { interface: readInterface(module), layout: readLayout(module) };
    const firstCalls = firstCallsOf(described.interface);
    const code = { hash, module, methods, firstEntry: this.#methods.length, firstCalls, ...described };
    return { code, isNew: true };
  }

  /** Remember a code that every worker has installed. */
  add(code: CheckedCode): void {
    this.#codes.set(code.hash, code);
    this.#methods.push(...code.methods);
  }

  /** Says where a code comes from; undefined where that is not known. */
  positionsOf(hash: string): CodePositions | undefined {
    const known = this.#originals?.get(hash);
    if (!(known instanceof Uint8Array)) return known;
    const positions = new CodePositions(known);
    this.#originals?.set(hash, positions);
    return positions;
  }

  /** The name of the method with this entry. */
  methodOf(entry: number): string {
    return this.#methods[entry] as string;
  }
}

function firstCallsOf(contract: ContractInterface | undefined): ReadonlyMap<string, FirstCallKind> {
  const methods = contract?.methods ?? [];
  return new Map(
    methods.flatMap(({ name, kind }): [string, FirstCallKind][] => (beginsCode(kind) ? [[name, kind]] : [])),
  );
}
