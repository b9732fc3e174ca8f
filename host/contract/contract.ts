// A contract as its parsed files describe it, and what the compiler adds to them.

import { checkDecorators } from './decorators.js';
import { addEmitters, type EventClass, eventInterface, readEvents } from './events.js';
import { checkMadeFields, type DeclaredField, layOutFields, ownerField, readFields, sdkStructs } from './fields.js';
import { type ContractInterface, interfaceSchema, type StructInterface } from './interface.js';
import { layoutSchema, type StorageLayout } from './layout.js';
import { addCalls, type Method, readMethods, writeWrappers } from './methods.js';
import { Names } from './names.js';
import { type ContractType, type Struct, Types } from './source-types.js';
import { addCodecs } from './structs.js';
import { type AssemblyScript, errorAt, type Source } from './syntax.js';
import { checkTopLevel } from './top-level.js';
import { checkView } from './views.js';

export class Contract {
  readonly interface: ContractInterface;
  readonly layout: StorageLayout;
  private readonly syntax: AssemblyScript;
  private readonly sources: readonly Source[];
  private readonly entry: Source;
  private readonly types: Types;
  private readonly methods: readonly Method[];
  private readonly events: readonly EventClass[];
  private readonly fields: readonly DeclaredField[];

  /**
   * Reads a contract and changes nothing.
   * @param sources - Its own files, parsed, without libraries.
   * @param entry - The one whose functions are its methods.
   * @param name - Its name.
   * @throws CompileError for what the interface or the storage cannot have, at its place.
   */
  constructor(syntax: AssemblyScript, sources: readonly Source[], entry: Source, name: string) {
    this.syntax = syntax;
    this.sources = sources;
    this.entry = entry;
    const names = new Names(syntax, sources);
    this.types = new Types(syntax, names);
    checkTopLevel(syntax, sources);
    this.methods = readMethods(syntax, this.types, entry);
    checkDecorators(syntax, sources, new Set(this.methods.map(({ declaration }) => declaration)));
    this.events = readEvents(syntax, this.types, sources);
    this.fields = readFields(syntax, names, this.types, sources);
    checkMadeFields(syntax, names, this.types, sources);
    for (const { interface: method, declaration } of this.methods) {
      if (method.kind === 'view') checkView(syntax, names, entry, declaration);
    }
    this.interface = this.describeInterface(name);
    this.layout = this.describeLayout(name);
  }

  /** Completes the files: what encodes and decodes, constant data for fields, and what calls the methods. */
  complete(): void {
    addCodecs(this.syntax, this.types, this.sources);
    addEmitters(this.syntax, this.events);
    layOutFields(this.syntax, this.fields);
    addCalls(this.syntax, this.types, this.entry, this.methods);
  }

  /** AssemblyScript source of the file whose exports are the module's. */
  get wrappers(): string {
    return writeWrappers(this.entry, this.methods);
  }

  private describeInterface(name: string): ContractInterface {
    const types = this.methods.flatMap(({ parameterTypes, resultType }) =>
      resultType === null ? parameterTypes : [...parameterTypes, resultType],
    );
    const eventTypes = this.events.flatMap(({ fields }) => fields.map(({ type }) => type));
    return {
      schema: interfaceSchema,
      name,
      methods: this.methods.map((method) => method.interface),
      events: this.events.map(eventInterface),
      structs: describeStructs(structsOf([...types, ...eventTypes])),
    };
  }

  private describeLayout(name: string): StorageLayout {
    const { fields } = this;
    const owner = ownerField(this.syntax, this.sources);
    return {
      schema: layoutSchema,
      name,
      fields: [...fields.map(({ layout }) => layout), ...(owner === undefined ? [] : [owner])],
      structs: [...describeStructs(fields.flatMap(({ structs }) => structs)), ...sdkStructs(fields)],
    };
  }
}

function structsOf(types: readonly ContractType[]): Struct[] {
  return types.flatMap(({ struct }) => (struct === undefined ? [] : [struct]));
}

/**
 * The structs, and those that they have in them, in the order in which they are come upon.
 * @throws CompileError for two of one name.
 */
function describeStructs(roots: readonly Struct[]): StructInterface[] {
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
  return [...found.values()].map(({ name, fields }) => ({
    name,
    fields: fields.map((field) => ({ name: field.name, type: field.type.text })),
  }));
}
