// A contract as its parsed files describe it, and what the compiler adds to them.

import { checkGiven } from './ambient.js';
import type { CompileProblem } from './compile-error.js';
import { checkDecorators } from './decorators.js';
import { addEmitters, type EventClass, eventInterface, readEvents, redirectEmits } from './events.js';
import { type DeclaredField, layOutFields, readFields, sdkStructs } from './fields.js';
import { checkFloats } from './floats.js';
import { type ContractInterface, interfaceSchema, type StructInterface } from './interface.js';
import { layoutSchema, type StorageLayout } from './layout.js';
import { checkCollections } from './lost-collections.js';
import { addCalls, exportedFunctions, type Method, readMethods, writeWrappers } from './methods.js';
import { Names } from './names.js';
import { ownerField } from './owner-field.js';
import { Problems } from './problems.js';
import { checkNames } from './reserved-names.js';
import { type ContractType, type Struct, Types } from './source-types.js';
import { addCodecs } from './structs.js';
import { type AssemblyScript, errorAt, type Source } from './syntax.js';
import { checkTopLevel } from './top-level.js';
import { checkView } from './views.js';

export class Contract {
  readonly interface: ContractInterface;
  readonly layout: StorageLayout;
  readonly #problems = new Problems();
  readonly #syntax: AssemblyScript;
  readonly #names: Names;
  readonly #sources: readonly Source[];
  readonly #entry: Source;
  readonly #types: Types;
  readonly #methods: readonly Method[];
  readonly #events: readonly EventClass[];
  readonly #fields: readonly DeclaredField[];

  /**
   * Reads a contract and changes nothing. What has a problem is left out.
   * @param sources - Its own files, parsed, without libraries.
   * @param entry - The one whose functions are its methods.
   * @param name - Its name.
   */
  constructor(syntax: AssemblyScript, sources: readonly Source[], entry: Source, name: string) {
    this.#syntax = syntax;
    this.#sources = sources;
    this.#entry = entry;
    const problems = this.#problems;
    const names = new Names(syntax, sources);
    this.#names = names;
    this.#types = new Types(syntax, names);
    checkNames(syntax, problems, sources);
    checkTopLevel(syntax, problems, sources);
    checkGiven(syntax, problems, names, sources);
    checkFloats(syntax, problems, names, sources);
    checkCollections(syntax, problems, names, sources);
    const exported = exportedFunctions(syntax, problems, entry);
    this.#methods = readMethods(syntax, problems, this.#types, entry, exported);
    checkDecorators(syntax, problems, sources, new Set(exported.values()));
    this.#events = readEvents(syntax, problems, this.#types, sources);
    this.#fields = readFields(syntax, problems, names, this.#types, sources);
    for (const { interface: method, declaration } of this.#methods) {
      if (method.kind === 'view') problems.attempt(() => checkView(syntax, names, entry, declaration));
    }
    this.interface = this.#describeInterface(name);
    this.layout = this.#describeLayout(name);
  }

  /** What the interface or the storage cannot have, each at its place. */
  get problems(): readonly CompileProblem[] {
    return this.#problems.list;
  }

  /** Completes the files: what encodes and decodes, constant data for fields, and what calls the methods. */
  complete(): void {
    redirectEmits(this.#syntax, this.#names, this.#sources);
    addCodecs(this.#syntax, this.#types, this.#sources);
    addEmitters(this.#syntax, this.#events, this.#sources);
    layOutFields(this.#syntax, this.#fields);
    addCalls(this.#syntax, this.#types, this.#entry, this.#methods);
  }

  /** AssemblyScript source of the file whose exports are the module's. */
  get wrappers(): string {
    return writeWrappers(this.#entry, this.#methods);
  }

  #describeInterface(name: string): ContractInterface {
    const types = this.#methods.flatMap(({ parameterTypes, resultType }) =>
      resultType === null ? parameterTypes : [...parameterTypes, resultType],
    );
    const eventTypes = this.#events.flatMap(({ fields }) => fields.map(({ type }) => type));
    return {
      schema: interfaceSchema,
      name,
      methods: this.#methods.map((method) => method.interface),
      events: this.#events.map(eventInterface),
      structs: this.#problems.attempt(() => describeStructs(findStructs(structsOf([...types, ...eventTypes])))) ?? [],
    };
  }

  #describeLayout(name: string): StorageLayout {
    const fields = this.#fields;
    const owner = ownerField(this.#syntax, this.#names, this.#sources);
    return {
      schema: layoutSchema,
      name,
      fields: [...fields.map(({ layout }) => layout), ...(owner === undefined ? [] : [owner])],
      structs: this.#problems.attempt(() => this.#describeFieldStructs()) ?? [],
    };
  }

  /** @throws CompileError for two of one name. */
  #describeFieldStructs(): StructInterface[] {
    const own = findStructs(this.#fields.flatMap(({ structs }) => structs));
    const given = sdkStructs(this.#fields);
    for (const { name } of given) {
      const declaration = own.get(name)?.declaration;
      if (declaration === undefined) continue;
      throw errorAt(
        declaration.name,
        `the SDK's Roles stores something named "${name}", too: nobody could tell them apart`,
      );
    }
    return [...describeStructs(own), ...given];
  }
}

function structsOf(types: readonly ContractType[]): Struct[] {
  return types.flatMap(({ struct }) => (struct === undefined ? [] : [struct]));
}

/**
 * The structs, and those that they have in them, by name, in the order in which they are come upon.
 * @throws CompileError for two of one name.
 */
function findStructs(roots: readonly Struct[]): ReadonlyMap<string, Struct> {
  const found = new Map<string, Struct>();
  const left = [...roots].reverse();
  for (let struct = left.pop(); struct !== undefined; struct = left.pop()) {
    const other = found.get(struct.name);
    if (other === struct) continue;
    if (other !== undefined) {
      const file = other.declaration.range.source.normalizedPath;
      throw errorAt(
        struct.declaration.name,
        `another class is named "${struct.name}", in ${file}: nobody could tell them apart`,
      );
    }
    found.set(struct.name, struct);
    left.push(...structsOf(struct.fields.map(({ type }) => type)).reverse());
  }
  return found;
}

function describeStructs(structs: ReadonlyMap<string, Struct>): StructInterface[] {
  return [...structs.values()].map(({ name, fields }) => ({
    name,
    fields: fields.map((field) => ({ name: field.name, type: field.type.text })),
  }));
}
