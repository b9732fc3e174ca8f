// Finds a contract's methods, the functions its file exports, and writes the wrappers that are exported in their place.

import {
  type ContractInterface,
  interfaceSchema,
  type MethodInterface,
  type ValueType,
  valueTypes,
} from './interface.js';
import {
  type AssemblyScript,
  errorAt,
  type FunctionDeclaration,
  flags,
  type Source,
  sdkImports,
  type TypeNode,
} from './syntax.js';

/** A method with the AssemblyScript types of its parameters and result. */
interface Method {
  readonly interface: MethodInterface;
  readonly parameterTypes: readonly CrossingType[];
  readonly resultType: CrossingType | null;
}

/** A type that can cross a call. */
interface CrossingType {
  readonly value: ValueType;
  /** As the wrappers' file writes it. */
  readonly written: string;
}

/** The wrappers of a contract and its interface. */
export interface ContractMethods {
  readonly interface: ContractInterface;
  /** AssemblyScript source of the file that exports the wrappers. */
  readonly wrappers: string;
}

/** The wrappers' function that runs the contract's module-level code, see transform.ts. */
export const moduleStartFunction = '$moduleStart';

const acceptedTypes = 'bool, u8 to u64, i8 to i64, Address, string, Uint8Array and StaticArray<u8>';

/**
 * @param entry - The contract's file, parsed.
 * @param name - The contract's name.
 * @throws CompileError where an export cannot be a method, at its place.
 */
export function contractMethods(syntax: AssemblyScript, entry: Source, name: string): ContractMethods {
  const types = new CrossingTypes(syntax, entry);
  const methods: Method[] = [];
  for (const [exportedName, declaration] of exportedFunctions(syntax, entry)) {
    methods.push(readMethod(types, exportedName, declaration));
  }
  if (methods.length === 0) {
    throw errorAt(entry, 'a contract exports at least one function: its exported functions are its methods');
  }
  return {
    interface: { schema: interfaceSchema, name, methods: methods.map((method) => method.interface) },
    wrappers: writeWrappers(entry, methods),
  };
}

function exportedFunctions(syntax: AssemblyScript, entry: Source): Map<string, FunctionDeclaration> {
  const declared = new Map<string, FunctionDeclaration>();
  const exported = new Map<string, FunctionDeclaration>();
  const imported = new Set<string>();
  for (const statement of entry.statements) {
    if (statement instanceof syntax.ImportStatement) {
      for (const { name } of statement.declarations ?? []) imported.add(name.text);
    }
    if (!(statement instanceof syntax.FunctionDeclaration)) continue;
    declared.set(statement.name.text, statement);
    if (statement.is(flags.export)) exported.set(statement.name.text, statement);
  }
  for (const statement of entry.statements) {
    if (statement instanceof syntax.ExportDefaultStatement) {
      throw errorAt(statement, 'a method needs a name: export it without `default`');
    }
    if (!(statement instanceof syntax.ExportStatement)) continue;
    if (statement.path !== null || statement.members === null) {
      throw errorAt(statement, "a contract's methods are functions of its own file: this exports another file's");
    }
    for (const { localName, exportedName } of statement.members) {
      const declaration = declared.get(localName.text);
      if (declaration !== undefined) exported.set(exportedName.text, declaration);
      else if (imported.has(localName.text)) {
        throw errorAt(localName, "a contract's methods are functions of its own file: this exports another file's");
      }
    }
  }
  return exported;
}

function readMethod(types: CrossingTypes, name: string, declaration: FunctionDeclaration): Method {
  if (declaration.typeParameters !== null && declaration.typeParameters.length > 0) {
    throw errorAt(declaration.name, `the method "${name}" is generic: whoever calls it could not say for which type`);
  }
  const inputs: { name: string; type: ValueType }[] = [];
  const parameterTypes: CrossingType[] = [];
  for (const parameter of declaration.signature.parameters) {
    const parameterName = parameter.name.text;
    if (parameter.parameterKind !== 0 || parameter.initializer !== null) {
      throw errorAt(
        parameter,
        `the parameter "${parameterName}" of the method "${name}" is optional: a call gives every argument`,
      );
    }
    const type = types.of(parameter.type);
    if (type === undefined) {
      throw errorAt(
        parameter.type,
        `the parameter "${parameterName}" of the method "${name}" has a type that cannot cross a call; ${acceptedTypes} can`,
      );
    }
    inputs.push({ name: parameterName, type: type.value });
    parameterTypes.push(type);
  }
  const { returnType } = declaration.signature;
  const resultType = types.isVoid(returnType) ? null : types.of(returnType);
  if (resultType === undefined) {
    throw errorAt(
      returnType,
      `the method "${name}" returns a type that cannot cross a call; void, ${acceptedTypes} can`,
    );
  }
  return { interface: { name, inputs, output: resultType?.value ?? null }, parameterTypes, resultType };
}

/** Tells which types of a file can cross a call, through the file's own type aliases and imports. */
class CrossingTypes {
  private readonly syntax: AssemblyScript;
  private readonly aliases = new Map<string, TypeNode>();
  private readonly imports: ReadonlyMap<string, string>;

  constructor(syntax: AssemblyScript, source: Source) {
    this.syntax = syntax;
    this.imports = sdkImports(syntax, source);
    for (const statement of source.statements) {
      if (statement instanceof syntax.TypeDeclaration && statement.typeParameters === null) {
        this.aliases.set(statement.name.text, statement.type);
      }
    }
  }

  of(type: TypeNode): CrossingType | undefined {
    const resolved = this.resolve(type);
    if (resolved === undefined) return undefined;
    const { name, argument } = resolved;
    if (argument !== undefined) {
      return name === 'StaticArray' && this.of(argument)?.value === 'u8'
        ? { value: 'bytes', written: 'StaticArray<u8>' }
        : undefined;
    }
    if (name === 'Uint8Array') return { value: 'bytes', written: name };
    if (name === 'boolean') return { value: 'bool', written: 'bool' };
    if (name === 'String') return { value: 'string', written: 'string' };
    // These two are names of the interface only.
    if (name === 'address' || name === 'bytes') return undefined;
    if (this.imports.get(name) === 'Address') return { value: 'address', written: '$Address' };
    const value = valueTypes.find((candidate) => candidate === name);
    return value === undefined ? undefined : { value, written: value };
  }

  isVoid(type: TypeNode): boolean {
    const resolved = this.resolve(type);
    return resolved?.name === 'void' && resolved.argument === undefined;
  }

  /** Follows aliases to a plain name with at most one type argument. */
  private resolve(type: TypeNode, depth = 0): { name: string; argument: TypeNode | undefined } | undefined {
    if (!(type instanceof this.syntax.NamedTypeNode) || type.isNullable || type.name.next !== null) return undefined;
    const name = type.name.identifier.text;
    const typeArguments = type.typeArguments ?? [];
    const alias = this.aliases.get(name);
    // An alias that leads back to itself is AssemblyScript's to report.
    if (alias !== undefined) return depth < this.aliases.size ? this.resolve(alias, depth + 1) : undefined;
    return typeArguments.length > 1 ? undefined : { name, argument: typeArguments[0] };
  }
}

/** Bytes that a type takes at least: all it takes, unless it varies in length. */
function fixedBytes(type: ValueType): number {
  return type === 'address' ? 32 : 8;
}

function varies(type: ValueType): boolean {
  return type === 'string' || type === 'bytes';
}

function writeWrappers(entry: Source, methods: readonly Method[]): string {
  const lines = [
    // Before the contract: its module-level code may end in the SDK's `abort`.
    'import * as $method from "blockstm/assembly/method";',
    `import * as $contract from ${JSON.stringify(`./${entry.simplePath}`)};`,
    'import { Address as $Address } from "blockstm/assembly/address";',
    `function ${moduleStartFunction}(): void {}`,
  ];
  for (const { interface: method, parameterTypes, resultType } of methods) {
    const quoted = JSON.stringify(method.name);
    const bytes = method.inputs.reduce((sum, input) => sum + fixedBytes(input.type), 0);
    const open = method.inputs.some((input) => varies(input.type));
    lines.push(`export function ${method.name}(): void {`, '  $method.enter();', `  ${moduleStartFunction}();`);
    lines.push(`  $method.open(${quoted}, ${bytes}, ${open});`);
    for (const [index, input] of method.inputs.entries()) {
      const type = parameterTypes[index]?.written;
      lines.push(`  const $${index} = $method.argument<${type}>(${quoted}, ${JSON.stringify(input.name)});`);
    }
    if (open) lines.push(`  $method.close(${quoted});`);
    const call = `$contract.${method.name}(${method.inputs.map((_, index) => `$${index}`).join(', ')})`;
    lines.push(resultType === null ? `  ${call};` : `  $method.result<${resultType.written}>(${call});`, '}');
  }
  return `${lines.join('\n')}\n`;
}
