// Writes the members by which the SDK stores and sends objects of the author's classes (assembly/sdk/codec.ts): a class
// declares its fields, and what encodes and decodes them follows from that.

import { CompileError } from './compile-error.js';
import { parseGenerated } from './generated-code.js';
import type { Struct, Types } from './source-types.js';
import { type AssemblyScript, type ClassDeclaration, flags, type Source, type Statement } from './syntax.js';

/** Names under which generated code finds the SDK, in every file of the contract. */
export const sdkNames = { abi: '$abi', codec: '$codec', method: '$method' } as const;

/**
 * Adds the members to every class that can be stored or sent, and the imports that they use to every file.
 * @param sources - The contract's own files.
 */
export function addCodecs(syntax: AssemblyScript, types: Types, sources: readonly Source[]): void {
  for (const source of sources) {
    const structs: Struct[] = [];
    for (const statement of source.statements) {
      if (!(statement instanceof syntax.ClassDeclaration) || statement instanceof syntax.InterfaceDeclaration) continue;
      const struct = structIfAny(types, statement, source);
      if (struct !== undefined) structs.push(struct);
    }
    for (const struct of structs) addMembers(syntax, struct.declaration, codecMembers(syntax, struct));
    source.statements.unshift(...parseGenerated(syntax, sdkImportsText));
  }
}

/** Adds members, given as text, to a class. */
export function addMembers(syntax: AssemblyScript, declaration: ClassDeclaration, text: string): void {
  const [generated] = parseGenerated(syntax, `class $Generated {\n${text}}\n`);
  if (!(generated instanceof syntax.ClassDeclaration)) throw new TypeError('AssemblyScript did not parse a class');
  declaration.members.push(...(generated.members as Statement[]));
}

const sdkImportsText = Object.entries(sdkNames)
  .map(([file, name]) => `import * as ${name} from "blockstm/assembly/${file}";\n`)
  .join('');

/** Undefined for a class that cannot be stored or sent; where it is used as if it could, that was refused before. */
function structIfAny(types: Types, declaration: ClassDeclaration, source: Source): Struct | undefined {
  try {
    return types.structOf(declaration, source);
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

function codecMembers(syntax: AssemblyScript, struct: Struct): string {
  const { codec, method } = sdkNames;
  const encoded = struct.fields.map(({ name, written }) => `${codec}.encode<${written}>(this.${name})`);
  // Fields may be readonly, so that only the constructor, which does not run, could assign to them.
  const stored = (value: (written: string) => string) =>
    struct.fields
      .map(({ name, written }) => {
        const offset = `${codec}.offsetof<${struct.name}>(${JSON.stringify(name)})`;
        return `    ${codec}.store<${written}>(${codec}.changetype<usize>(this), ${value(written)}, ${offset});\n`;
      })
      .join('');
  const members = [
    `  __encode(): i32 {\n    return ${encoded.join(' + ')};\n  }\n`,
    `  __decode(): void {\n${stored((written) => `${codec}.decode<${written}>()`)}  }\n`,
    `  __argument(method: string, name: string): void {\n${stored((written) => `${method}.argument<${written}>(method, name)`)}  }\n`,
    `  @inline\n  __least(): i32 {\n    return ${struct.leastBytes};\n  }\n`,
  ];
  if (needsArguments(syntax, struct.declaration)) {
    members.push(`  __absent(): void {\n${stored((written) => `${codec}.absent<${written}>()`)}  }\n`);
  }
  return members.join('');
}

/** Whether the class cannot be constructed without arguments. */
function needsArguments(syntax: AssemblyScript, declaration: ClassDeclaration): boolean {
  return declaration.members.some(
    (member) =>
      member instanceof syntax.MethodDeclaration &&
      member.name.text === 'constructor' &&
      !member.is(flags.static) &&
      member.signature.parameters.some(({ parameterKind, initializer }) => parameterKind === 0 && initializer === null),
  );
}
