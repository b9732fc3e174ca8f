// Finds a contract's methods, the functions its file exports, and writes the wrappers that are exported in their place.

import { decoratorNamed, methodDecorators } from './decorators.js';
import { documentationOf } from './documentation.js';
import { parseGenerated } from './generated-code.js';
import type { MethodInterface, MethodKind, TypeExpression } from './interface.js';
import type { Problems } from './problems.js';
import type { ContractType, Types } from './source-types.js';
import { sdkNames } from './structs.js';
import { type AssemblyScript, errorAt, type FunctionDeclaration, flags, type Source } from './syntax.js';

/** A method with its types. */
export interface Method {
  readonly interface: MethodInterface;
  readonly declaration: FunctionDeclaration;
  readonly parameterTypes: readonly ContractType[];
  readonly resultType: ContractType | null;
}

/** The wrappers' function that runs the contract's module-level code, see transform.ts. */
export const moduleStartFunction = '$moduleStart';

/**
 * The methods of a contract. Problems: exports that cannot be methods.
 * @param entry - The contract's file, parsed.
 * @param exported - Its exported functions, by the names that they are exported under.
 */
export function readMethods(
  syntax: AssemblyScript,
  problems: Problems,
  types: Types,
  entry: Source,
  exported: ReadonlyMap<string, FunctionDeclaration>,
): Method[] {
  const methods: Method[] = [];
  const single = new Map<MethodKind, string>();
  for (const [name, declaration] of exported) {
    problems.attempt(() => {
      const method = readMethod(syntax, problems, types, entry, name, declaration);
      if (method === undefined) return;
      const kind = method.interface.kind ?? 'call';
      const other = single.get(kind);
      if (other !== undefined) {
        throw errorAt(declaration.name, `"${other}" has @${kind} too: a contract has one method with it at most`);
      }
      if (kind === 'init' || kind === 'migrate') single.set(kind, name);
      methods.push(method);
    });
  }
  if (exported.size === 0 && problems.list.length === 0) {
    problems.attempt(() => {
      throw errorAt(entry, 'a contract exports at least one function: its exported functions are its methods');
    });
  }
  return methods;
}

/**
 * Adds to the contract's file what decodes each method's arguments and encodes its result: there, so that it can name the
 * types as the author does.
 */
export function addCalls(syntax: AssemblyScript, types: Types, entry: Source, methods: readonly Method[]): void {
  for (const method of methods) entry.statements.push(...parseGenerated(syntax, writeCall(types, method)));
}

/** AssemblyScript source of the file that exports the wrappers. */
export function writeWrappers(entry: Source, methods: readonly Method[]): string {
  const lines = [
    // Before the contract: its module-level code may end in the SDK's `abort`.
    ...Object.entries(sdkNames).map(([file, name]) => `import * as ${name} from "blockstm/assembly/${file}";`),
    `import * as $contract from ${JSON.stringify(`./${entry.simplePath}`)};`,
    `function ${moduleStartFunction}(): void {}`,
  ];
  for (const { interface: method } of methods) {
    lines.push(`export function ${method.name}(): void {`);
    if (method.kind === 'view') lines.push(`  ${sdkNames.method}.readonly();`);
    lines.push(`  ${sdkNames.method}.enter();`, `  ${moduleStartFunction}();`, `  $contract.$${method.name}();`, '}');
  }
  return `${lines.join('\n')}\n`;
}

/** The functions that a contract's file exports, by name. Problems: exports of something else. */
export function exportedFunctions(
  syntax: AssemblyScript,
  problems: Problems,
  entry: Source,
): Map<string, FunctionDeclaration> {
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
    problems.attempt(() => {
      if (statement instanceof syntax.ExportDefaultStatement) {
        throw errorAt(statement, 'a method needs a name: export it without `default`');
      }
      if (!(statement instanceof syntax.ExportStatement)) return;
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
    });
  }
  return exported;
}

/** Undefined where a type of it has a problem: each is looked at. */
function readMethod(
  syntax: AssemblyScript,
  problems: Problems,
  types: Types,
  entry: Source,
  name: string,
  declaration: FunctionDeclaration,
): Method | undefined {
  if (declaration.typeParameters !== null && declaration.typeParameters.length > 0) {
    throw errorAt(declaration.name, `the method "${name}" is generic: whoever calls it could not say for which type`);
  }
  const inputs: { name: string; type: TypeExpression }[] = [];
  const parameterTypes: ContractType[] = [];
  for (const parameter of declaration.signature.parameters) {
    const parameterName = parameter.name.text;
    if (parameter.parameterKind !== 0 || parameter.initializer !== null) {
      throw errorAt(
        parameter,
        `the parameter "${parameterName}" of the method "${name}" is optional: a call gives every argument`,
      );
    }
    const subject = `the parameter "${parameterName}" of the method "${name}"`;
    const type = problems.attempt(() => types.read(parameter.type, entry, subject));
    if (type === undefined) continue;
    inputs.push({ name: parameterName, type: type.text });
    parameterTypes.push(type);
  }
  const { returnType } = declaration.signature;
  const isVoid = types.isVoid(returnType, entry);
  const resultType = isVoid
    ? null
    : problems.attempt(() => types.read(returnType, entry, `the result of the method "${name}"`));
  if (resultType === undefined || inputs.length < declaration.signature.parameters.length) return undefined;
  const kind = methodDecorators.find((decorator) => decoratorNamed(syntax, declaration, decorator) !== undefined);
  const doc = documentationOf(declaration);
  return {
    interface: {
      name,
      kind: kind ?? 'call',
      inputs,
      output: resultType === null ? null : resultType.text,
      ...(doc !== undefined && { doc }),
    },
    declaration,
    parameterTypes,
    resultType,
  };
}

function writeCall(types: Types, { interface: method, declaration, parameterTypes, resultType }: Method): string {
  const library = sdkNames.method;
  const quoted = JSON.stringify(method.name);
  const bytes = parameterTypes.reduce((sum, type) => sum + type.leastBytes, 0);
  const varies = parameterTypes.some((type) => type.varies);
  const { parameters, returnType } = declaration.signature;
  const lines = [`export function $${method.name}(): void {`, `  ${library}.open(${quoted}, ${bytes}, ${varies});`];
  for (const [index, { name, type }] of parameters.entries()) {
    const place = `${quoted}, ${JSON.stringify(name.text)}`;
    lines.push(`  const $${index} = ${library}.argument<${types.write(type)}>(${place});`);
  }
  if (varies) lines.push(`  ${library}.close(${quoted});`);
  const call = `${declaration.name.text}(${parameters.map((_, index) => `$${index}`).join(', ')})`;
  lines.push(resultType === null ? `  ${call};` : `  ${library}.result<${types.write(returnType)}>(${call});`, '}');
  return `${lines.join('\n')}\n`;
}
