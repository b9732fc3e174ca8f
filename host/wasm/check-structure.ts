import { typeFinding } from './check-function.js';
import { CONTRACT_IMPORTS, CONTRACT_MODULE } from './contract-imports.js';
import type { Findings } from './findings.js';
import type { CodeLimits } from './limits.js';
import {
  type Constant,
  FUNCTION,
  functionTypes,
  GLOBAL,
  type Import,
  importedCount,
  MEMORY,
  type Module,
  type Size,
  TABLE,
  typeName,
} from './module.js';
import { I32_CONST, I64_CONST } from './opcode.js';

const PAGE = 65_536;
const RESERVED_PREFIX = 'blockstm.';
const KINDS = ['function', 'table', 'memory', 'global', 'tag'];

/** Everything about a module but the bodies of its functions. */
export function checkStructure(module: Module, limits: CodeLimits, findings: Findings): void {
  const imported = importedCount(module, FUNCTION);
  for (const { code, message, offset, body } of module.unsupported) {
    findings.add(code, message, offset, body === undefined ? undefined : imported + body);
  }
  checkTypes(module, limits, findings);
  for (const one of module.imports) checkImport(module, one, findings);
  checkTables(module, limits, findings);
  checkMemories(module, limits, findings);
  checkGlobals(module, limits, findings);
  checkExports(module, limits, findings);
  if (module.start !== undefined) {
    findings.add('start', 'a start function: it would run outside of any call', module.start.offset);
  }
  checkSegments(module, limits, findings);
}

function checkTypes({ types, functions, imports }: Module, limits: CodeLimits, findings: Findings): void {
  const [first] = types;
  if (types.length > limits.types) {
    findings.add('types', `${types.length} types: at most ${limits.types}`, first?.offset ?? 0);
  }
  const count = functions.length + imports.filter(({ kind }) => kind === FUNCTION).length;
  if (count > limits.functions) {
    findings.add('functions', `${count} functions: at most ${limits.functions}`, first?.offset ?? 0);
  }
  for (const { parameters, results, offset } of types) {
    if (parameters.length > limits.parameters) {
      findings.add('parameters', `${parameters.length} parameters: at most ${limits.parameters}`, offset);
    }
    if (results.length > 1) findings.add('multiValue', `a function with ${results.length} results: at most 1`, offset);
    for (const type of new Set([...parameters, ...results])) {
      const code = typeFinding(type);
      if (code !== undefined) findings.add(code, `a function that takes or gives ${typeName(type)}`, offset);
    }
  }
}

function checkImport({ types }: Module, { module, name, kind, type, offset }: Import, findings: Findings): void {
  const path = `"${module}.${name}"`;
  if (kind !== FUNCTION) {
    findings.add('importKind', `the ${KINDS[kind]} ${path} is imported: a contract imports functions only`, offset);
    return;
  }
  const expected = module === CONTRACT_MODULE ? CONTRACT_IMPORTS.get(name) : undefined;
  if (expected === undefined) {
    const known = [...CONTRACT_IMPORTS.keys()].join(', ');
    findings.add(
      'importName',
      `${path} is imported; a contract imports from "${CONTRACT_MODULE}" only: ${known}`,
      offset,
    );
    return;
  }
  const actual = types[type];
  if (actual !== undefined && signatureText(actual) !== signatureText(expected)) {
    const message = `${path} is imported as ${signatureText(actual)}, it is ${signatureText(expected)}`;
    findings.add('importSignature', message, offset);
  }
}

function signatureText({ parameters, results }: { parameters: readonly number[]; results: readonly number[] }): string {
  return `(${parameters.map(typeName).join(', ')}) -> (${results.map(typeName).join(', ')})`;
}

function checkTables({ tables }: Module, limits: CodeLimits, findings: Findings): void {
  tables.forEach(({ initial, maximum, offset }, index) => {
    if (index > 0) findings.add('multiTable', 'a second table', offset);
    if (initial > limits.tableEntries) {
      findings.add('tableSize', `a table of ${initial} entries: at most ${limits.tableEntries}`, offset);
    }
    if (maximum !== initial) findings.add('tableGrowable', 'a table whose maximum is not its size', offset);
  });
}

function checkMemories({ memories }: Module, limits: CodeLimits, findings: Findings): void {
  memories.forEach(({ initial, maximum = 0, offset }, index) => {
    if (index > 0) findings.add('multiMemory', 'a second memory', offset);
    const pages = Math.max(initial, maximum);
    if (pages > limits.memoryPages) {
      findings.add('memorySize', `a memory of ${pages} pages: at most ${limits.memoryPages}`, offset);
    }
  });
}

function checkGlobals({ globals }: Module, limits: CodeLimits, findings: Findings): void {
  if (globals.length > limits.globals) {
    findings.add('globals', `${globals.length} globals: at most ${limits.globals}`, globals[0]?.offset ?? 0);
  }
  for (const { type, initial, offset } of globals) {
    const code = typeFinding(type);
    if (code !== undefined) findings.add(code, `a global of type ${typeName(type)}`, offset);
    // Its value would be one of them again.
    else checkConstant(initial, 'a global is initialised', findings);
  }
}

function checkConstant({ isSingle, opcode, offset }: Constant, what: string, findings: Findings): void {
  if (isSingle && (opcode === I32_CONST || opcode === I64_CONST)) return;
  findings.add('constantExpression', `${what} by something other than a constant`, offset);
}

function checkExports(module: Module, limits: CodeLimits, findings: Findings): void {
  const { exports } = module;
  if (exports.length > limits.exports) {
    findings.add('exports', `${exports.length} exports: at most ${limits.exports}`, exports[0]?.offset ?? 0);
  }
  const types = functionTypes(module);
  const listed = interfaceMethods(module);
  const importedGlobals = importedCount(module, GLOBAL);
  let methods = 0;
  for (const { name, kind, index, offset } of exports) {
    if (name.startsWith(RESERVED_PREFIX)) {
      findings.add(
        'exportReserved',
        `"${name}" is exported: names that begin with "${RESERVED_PREFIX}" are ours`,
        offset,
      );
    }
    const outside = (what: string): void =>
      findings.add('exportOutsideInterface', `${what} "${name}" is exported`, offset);
    if (kind === FUNCTION) {
      methods++;
      const type = module.types[types[index] ?? -1];
      const isMethod = type === undefined || (type.parameters.length === 0 && type.results.length === 0);
      if (!isMethod) outside('a function that takes parameters or gives a result,');
      else if (listed !== undefined && !listed.has(name))
        outside("a function that the contract's interface does not list,");
    } else if (kind === GLOBAL) {
      const isMutable = module.globals[index - importedGlobals]?.isMutable ?? false;
      if (isMutable) findings.add('exportMutableGlobal', `the mutable global "${name}" is exported`, offset);
    } else if (kind !== MEMORY) outside(`the ${KINDS[kind] ?? 'unknown'}`);
  }
  if (methods === 0)
    findings.add('noMethod', 'no function is exported, so there is no method', exports[0]?.offset ?? 0);
}

/** The methods that the module's interface lists; undefined where it has none that can be read: that is judged where it is used. */
function interfaceMethods({ customs }: Module): ReadonlySet<unknown> | undefined {
  const section = customs.find(({ name }) => name === 'blockstm.interface');
  if (section === undefined) return undefined;
  try {
    const { methods } = JSON.parse(new TextDecoder().decode(section.bytes)) as { methods: { name: unknown }[] };
    return new Set(methods.map(({ name }) => name));
  } catch {
    return undefined;
  }
}

function checkSegments(module: Module, limits: CodeLimits, findings: Findings): void {
  const { data, elements, memories, tables } = module;
  if (data.length > limits.dataSegments) {
    findings.add('dataSegments', `${data.length} data segments: at most ${limits.dataSegments}`, data[0]?.offset ?? 0);
  }
  const bytes = initialSize(module, MEMORY, memories) * PAGE;
  for (const { start, bytes: content, offset } of data) {
    if (start === undefined) {
      findings.add('bulkMemory', 'a passive data segment', offset);
      continue;
    }
    checkConstant(start, 'the place of data is given', findings);
    if ((start.value >>> 0) + content.length > bytes) {
      findings.add('dataBounds', `data that end past the initial memory of ${bytes} bytes`, offset);
    }
  }
  const listed = elements.reduce((sum, { functions }) => sum + functions.length, 0);
  if (listed > limits.elementEntries) {
    const message = `elements of ${listed} entries: at most ${limits.elementEntries}`;
    findings.add('elementEntries', message, elements[0]?.offset ?? 0);
  }
  const entries = initialSize(module, TABLE, tables);
  for (const { start, functions, offset } of elements) {
    checkConstant(start, 'the place of elements is given', findings);
    if ((start.value >>> 0) + functions.length > entries) {
      findings.add('elementBounds', `elements that end past the table of ${entries} entries`, offset);
    }
  }
}

/** Of the first memory or table; of one that is imported, which is a finding of its own, no size is too small. */
function initialSize(module: Module, kind: number, own: readonly Size[]): number {
  return importedCount(module, kind) > 0 ? Number.POSITIVE_INFINITY : (own[0]?.initial ?? 0);
}
