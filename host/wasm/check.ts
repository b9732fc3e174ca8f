import { checkBody } from './check-function.js';
import { checkStructure } from './check-structure.js';
import { decode } from './decode.js';
import type { Finding } from './finding.js';
import { Findings } from './findings.js';
import { CODE_LIMITS, type CodeLimits } from './limits.js';
import { FUNCTION, importedCount, type Module } from './module.js';
import { functionNames } from './names.js';
import { WasmError } from './reader.js';
import { sourcePositions } from './source-positions.js';

export interface CheckOptions {
  /** Default `CODE_LIMITS`; a runtime always uses those. */
  readonly limits?: Partial<CodeLimits>;
  /** The module's source map, JSON text: findings then say where in the source they are. */
  readonly sourceMap?: string;
}

/**
 * Everything that keeps a module from being a contract, in the order of its bytes; empty if it can be deployed.
 *
 * Every function is looked at; of findings with the same code in one function the first ten are listed and the last, which says how many more
 * there are. There is one finding only for bytes that are no module or are too many, which are not looked into, and for what
 * nothing but V8 objects to. Never throws for any bytes.
 * @throws SyntaxError where the source map is not one.
 */
export function check(wasm: Uint8Array, options: CheckOptions = {}): Finding[] {
  const limits = { ...CODE_LIMITS, ...options.limits };
  const positionOf = options.sourceMap === undefined ? undefined : sourcePositions(options.sourceMap);
  if (wasm.length > limits.moduleBytes) {
    const message = `a module of ${wasm.length} bytes: at most ${limits.moduleBytes}`;
    return [{ code: 'moduleSize', message, offset: 0 }];
  }
  let module: Module;
  try {
    module = decode(wasm);
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    return [{ code: 'malformed', message: error.message, offset: error.offset }];
  }
  const imported = importedCount(module, FUNCTION);
  const findings = new Findings(functionNames(module), (offset, index) => {
    const body = module.bodies[index - imported];
    return body && positionOf?.(offset, body);
  });
  checkStructure(module, limits, findings);
  let complexity = 0;
  module.bodies.forEach((body, position) => {
    const parameters = module.types[module.functions[position] ?? -1]?.parameters.length ?? 0;
    complexity += checkBody(module, body, imported + position, parameters, limits, findings);
  });
  if (complexity > limits.complexity) {
    const message = `locals times blocks and branches come to ${complexity}: at most ${limits.complexity}`;
    findings.add('complexity', message, module.bodies[0]?.offset ?? 0);
  }
  if (findings.isEmpty && !WebAssembly.validate(wasm as Uint8Array<ArrayBuffer>)) {
    findings.add('invalid', `not a valid module: ${reasonOf(wasm)}`, 0);
  }
  return findings.list();
}

/** Why V8 refuses a module, in its words. */
function reasonOf(wasm: Uint8Array): string {
  try {
    new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
    return 'V8 does not say why';
  } catch (error) {
    return (error as Error).message.replace(/^WebAssembly\.Module\(\): /, '');
  }
}
