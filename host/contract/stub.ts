// Writes the AssemblyScript source by which a contract calls another one: what `import { Token } from "./token.stub"` finds.

import type { ContractInterface, StructInterface } from './interface.js';
import { nameWords } from './name-words.js';
import { type Signature, Signatures } from './signature.js';
import type { Type } from './type.js';

/** The path of a stub, and that of the contract that it is for, without an extension. */
const stubFile = /^(.+)\.stub\.ts$/;

/** What AssemblyScript can call something. */
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that mean something else in a class, or anywhere. */
const takenNames = new Set(
  'address constructor abstract as break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
);

/** The contract that a file is the stub of, by its path without an extension; undefined for what is no stub. */
export function stubbedContract(file: string): string | undefined {
  return stubFile.exec(file)?.[1];
}

/**
 * A class with a method for each call and view, which fails where the contract called fails, and one whose name begins with
 * `try`, which tells how it ended; and the interface's structs. A method that AssemblyScript cannot name is left out.
 */
export function writeStub(contract: ContractInterface): string {
  const signatures = Signatures.of(contract);
  const methods = new Map<string, string>();
  for (const { name } of contract.methods) {
    const method = signatures.method(name);
    if (isName(name) && (method.kind === 'call' || method.kind === 'view')) {
      methods.set(name, writeMethod(method, name, { isTried: false }));
    }
  }
  for (const { name } of contract.methods) {
    const tried = `try${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    // The contract's own method of this name comes first.
    if (methods.has(name) && !methods.has(tried)) {
      methods.set(tried, writeMethod(signatures.method(name), tried, { isTried: true }));
    }
  }
  return [
    // `$abi` and `$codec` are imported into every file, see structs.ts.
    'import * as $sdk from "blockstm/assembly";',
    'import * as $call from "blockstm/assembly/call";',
    ...(contract.structs ?? []).map((struct) => writeStruct(struct, signatures)),
    `export class ${className(contract)} {`,
    '  constructor(readonly address: $sdk.Address) {}',
    ...methods.values(),
    '}',
    '',
  ].join('\n');
}

/** The contract's name in PascalCase; with "Contract" behind it where a struct is called so. */
function className({ name, structs = [] }: ContractInterface): string {
  const words = name.split(/[^A-Za-z0-9]+/);
  const joined = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  const pascal = /^[A-Z]/.test(joined) ? joined : `Contract${joined}`;
  return structs.some((struct) => struct.name === pascal) ? `${pascal}Contract` : pascal;
}

function writeStruct({ name, fields }: StructInterface, signatures: Signatures): string {
  const types = signatures.struct(name).fields;
  const parameters = fields.map((field, index) => {
    const type = types[index]?.type;
    if (type === undefined) throw new TypeError('a struct has the types of its fields');
    return `public ${isName(field.name) ? field.name : `field${index}`}: ${write(type)}`;
  });
  return `export class ${name} {\n  constructor(${parameters.join(', ')}) {}\n}`;
}

function writeMethod(method: Signature, name: string, { isTried }: { isTried: boolean }): string {
  const parameters = method.inputs.map(({ type }, index) => `$${index}: ${write(type)}`).join(', ');
  const output = method.output === null ? undefined : write(method.output);
  const pushes = nameWords(method.name).map((word) => `    $abi.push(0x${word.toString(16)});`);
  const bytes = new TextEncoder().encode(method.name).length;
  const input = method.inputs.map(({ type }, index) => ` + $codec.encode<${write(type)}>($${index})`).join('');
  const called = isTried ? 'tryCall' : 'call';
  const result = isTried
    ? output === undefined
      ? '$call.CallOutcome'
      : `$call.CallResult<${output}>`
    : (output ?? 'void');
  const call = output === undefined ? `$call.${called}Void` : `$call.${called}<${output}>`;
  return [
    ...(method.kind === 'view' ? ['  @view'] : []),
    `  ${name}(${parameters}): ${result} {`,
    '    $call.stageTarget(this.address);',
    ...pushes,
    `    ${result === 'void' ? '' : 'return '}${call}(${bytes}, 0${input});`,
    '  }',
  ].join('\n');
}

/** A type in AssemblyScript. */
function write(type: Type): string {
  switch (type.kind) {
    case 'array':
      return `Array<${write(type.element)}>`;
    case 'nullable':
      return `${write(type.value)} | null`;
    case 'address':
      return '$sdk.Address';
    case 'bytes':
      return 'StaticArray<u8>';
    case 'integer':
      return type.bits > 64 ? `$sdk.${type.text}` : type.text;
    default:
      return type.text;
  }
}

function isName(name: string): boolean {
  return identifier.test(name) && !takenNames.has(name);
}
