import type { Finding, FindingCode } from './finding.js';
import type { Findings } from './findings.js';
import { Instructions, TYPE_INDEX } from './instruction.js';
import type { CodeLimits } from './limits.js';
import { type Body, EMPTY, EXTERNREF, F32, F64, FUNCREF, I32, I64, type Module, typeName, V128 } from './module.js';
import { BR, BR_IF, BR_TABLE, END, type Family, MEMORY_COPY } from './opcode.js';
import { WasmError } from './reader.js';

const FAMILY_CODES: Readonly<Record<Exclude<Family, 'core'>, FindingCode>> = {
  float: 'float',
  bulk: 'bulkMemory',
  reference: 'referenceTypes',
  tailCall: 'tailCall',
  exceptions: 'exceptions',
  simd: 'simd',
  threads: 'threads',
  gc: 'gc',
  unknown: 'unknown',
};

/** What is wrong with a value type, or with what is not known to be one; undefined for the integers. */
export function typeFinding(type: number): Finding['code'] | undefined {
  if (type === F32 || type === F64) return 'float';
  if (type === V128) return 'simd';
  if (type === FUNCREF || type === EXTERNREF) return 'referenceTypes';
  return type === I32 || type === I64 ? undefined : 'gc';
}

/** Look at the body of function `index`: its locals, its size, its instructions. Returns its part of the module's complexity. */
export function checkBody(
  module: Module,
  body: Body,
  index: number,
  parameters: number,
  limits: CodeLimits,
  findings: Findings,
): number {
  const add = (code: FindingCode, message: string, offset = body.offset): void =>
    findings.add(code, message, offset, index);
  const bytes = body.end - body.offset;
  if (bytes > limits.functionBytes) add('functionSize', `a body of ${bytes} bytes: at most ${limits.functionBytes}`);
  const locals = body.locals.reduce((sum, { count }) => sum + count, parameters);
  if (locals > limits.locals) add('locals', `${locals} parameters and locals: at most ${limits.locals}`);
  for (const { type } of body.locals) {
    const code = typeFinding(type);
    if (code !== undefined) add(code, `a local of type ${typeName(type)}`);
  }
  try {
    return locals * checkInstructions(module, body, limits, add);
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    add('malformed', error.message, error.offset);
    return 0;
  }
}

/** Returns how many blocks and branches there are. */
function checkInstructions(
  module: Module,
  body: Body,
  limits: CodeLimits,
  add: (code: FindingCode, message: string, offset: number) => void,
): number {
  const code = new Instructions(module.bytes, body.start, body.end);
  let joints = 0;
  let depth = 0;
  let isTooDeep = false;
  while (nextReadable(code, add)) {
    const { opcode, info, start } = code;
    if (info.family !== 'core') add(FAMILY_CODES[info.family], info.name, start);
    if (info.immediate === 'memory' && (code.index & 64) !== 0) add('multiMemory', info.name, start);
    checkMemoryIndices(module.bytes, code, add);
    if (opcode === BR || opcode === BR_IF) joints++;
    if (opcode === BR_TABLE) joints += code.index + 1;
    if (opcode === BR_TABLE && code.index > limits.brTableTargets) {
      add('brTable', `br_table with ${code.index} targets: at most ${limits.brTableTargets}`, start);
    }
    if (opcode === END) depth--;
    else if (info.immediate === 'block') {
      checkBlockType(module, code, add);
      joints++;
      depth++;
      if (depth > limits.nesting && !isTooDeep) {
        isTooDeep = true;
        add('nesting', `blocks nested more than ${limits.nesting} deep`, start);
      }
    }
    if (depth < 0 && code.end < body.end) {
      add('malformed', 'code after the end of the function', code.end);
      return joints;
    }
  }
  return joints;
}

/** Which bytes stand for memory 0 depends on what a V8 knows of several memories: one zero byte does everywhere. */
function checkMemoryIndices(
  bytes: Uint8Array,
  { opcode, info, start, immediate, end }: Instructions,
  add: (code: FindingCode, message: string, offset: number) => void,
): void {
  if (info.immediate !== 'memorySize' && opcode !== MEMORY_COPY) return;
  const indices = bytes.subarray(immediate, end);
  const expected = opcode === MEMORY_COPY ? 2 : 1;
  if (indices.length === expected && indices.every((byte) => byte === 0)) return;
  add('multiMemory', `${info.name} of another memory than 0, or not said in one byte`, start);
}

/** Where an instruction cannot be read, what follows it cannot be found: that is said of the instruction, and the function is left. */
function nextReadable(code: Instructions, add: (code: FindingCode, message: string, offset: number) => void): boolean {
  try {
    return code.next();
  } catch (error) {
    if (!(error instanceof WasmError) || code.info.immediate !== 'unreadable') throw error;
    const { family, name } = code.info;
    add(family === 'core' ? 'unknown' : FAMILY_CODES[family], name, code.start);
    return false;
  }
}

function checkBlockType(
  module: Module,
  { index, second, start, info }: Instructions,
  add: (code: FindingCode, message: string, offset: number) => void,
): void {
  if (index !== TYPE_INDEX) {
    const code = index === EMPTY ? undefined : typeFinding(index);
    if (code !== undefined) add(code, `${info.name} with a result of type ${typeName(index)}`, start);
    return;
  }
  const type = module.types[second];
  if (type !== undefined && (type.parameters.length > 0 || type.results.length > 1)) {
    add('multiValue', `${info.name} with parameters or several results`, start);
  }
}
