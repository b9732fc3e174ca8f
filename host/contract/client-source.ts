// Writes the TypeScript source of a client. The interface may be a stranger's: its names and texts are written so that none of them can be anything but a name or a text.

import { type ContractInterface, checkInterface, type MethodInterface } from './interface.js';
import { Signatures } from './signature.js';
import type { Type } from './type.js';

/** Names that mean something else in a generated file. */
const TAKEN = ['AddressInput', 'BytesInput', 'IntegerInput', 'Uint8Array'];

/** What JSON leaves as it is, and nobody sees. */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/**
 * The TypeScript source of a client: `export const Token`, the types of the contract, and those of its structs. The same interface gives the same source. It needs the package
 * `blockstm`.
 * @throws ContractCodeError `ERR_INTERFACE` where the interface is not as documented.
 */
export function generateClient(contract: ContractInterface): string {
  return new ClientSource(checkInterface(contract)).write();
}

class ClientSource {
  readonly #contract: ContractInterface;
  readonly #signatures: Signatures;
  readonly #client: string;
  readonly #types: string;
  /** What the type of each struct is called, and the type that is taken for it. */
  readonly #structs = new Map<string, { readonly output: string; readonly input: string }>();
  readonly #imports = new Set<string>();

  constructor(contract: ContractInterface) {
    this.#contract = contract;
    this.#signatures = Signatures.of(contract);
    this.#client = pascalCase(contract.name);
    this.#types = `${this.#client}Types`;
    const taken = new Set([...TAKEN, this.#types]);
    for (const { name } of contract.structs ?? []) taken.add(name);
    const free = (name: string): string => {
      let chosen = name;
      while (taken.has(chosen)) chosen += '_';
      taken.add(chosen);
      return chosen;
    };
    for (const { name } of contract.structs ?? []) {
      const isTaken = TAKEN.includes(name) || name === this.#types;
      this.#structs.set(name, { output: isTaken ? free(name) : name, input: free(`${name}Input`) });
    }
  }

  write(): string {
    const { methods, events = [], structs = [], name } = this.#contract;
    const body = [
      ...structs.flatMap((struct) => this.#struct(struct.name)),
      `/** The types of the contract ${quoted(name)}. */`,
      `export type ${this.#types} = {`,
      ...section(
        'methods',
        methods.flatMap((method) => this.#method(method)),
      ),
      ...section(
        'events',
        events.map((event) => this.#event(event.name)),
      ),
      '};',
      '',
      `/** The contract ${quoted(name)}: \`runtime.contract(${this.#client}, address)\`. */`,
      `export const ${this.#client} = defineClient<${this.#types}>(${literal(this.#contract)});`,
    ];
    const imported = ['defineClient', ...[...this.#imports].map((each) => `type ${each}`)];
    imported.sort((a, b) => (a.replace('type ', '').toLowerCase() < b.replace('type ', '').toLowerCase() ? -1 : 1));
    const head = [
      `// The client of the contract ${quoted(name)}, made from its interface: to change it, make it anew.`,
      '',
      `import { ${imported.join(', ')} } from 'blockstm';`,
      '',
    ];
    return `${[...head, ...body].join('\n')}\n`;
  }

  #struct(name: string): string[] {
    const { output, input } = this.#structs.get(name) as { output: string; input: string };
    const { fields } = this.#signatures.struct(name);
    const members = (typeOf: (type: Type) => string): string[] =>
      fields.map((field) => `  readonly ${member(field.name)}: ${typeOf(field.type)};`);
    return [
      `export interface ${output} {`,
      ...members((type) => this.#output(type)),
      '}',
      '',
      `/** What ${output} is taken from. */`,
      `export interface ${input} {`,
      ...members((type) => this.#input(type)),
      '}',
      '',
    ];
  }

  #method({ name, doc }: MethodInterface): string[] {
    const { kind, inputs, output } = this.#signatures.method(name);
    const input = inputs.map((each) => `${member(each.name)}: ${this.#input(each.type)}`);
    const result = output === null ? 'undefined' : this.#output(output);
    return [
      ...(doc === undefined ? [] : docLines(doc)),
      `${member(name)}: { kind: '${kind}'; input: ${object(input)}; output: ${result} };`,
    ];
  }

  #event(name: string): string {
    const { fields } = this.#signatures.event(name);
    return `${member(name)}: ${object(fields.map((field) => `${member(field.name)}: ${this.#output(field.type)}`))};`;
  }

  /** What a decoded value is. */
  #output(type: Type): string {
    switch (type.kind) {
      case 'bool':
        return 'boolean';
      case 'integer':
        return type.bits > 32 ? 'bigint' : 'number';
      case 'string':
        return 'string';
      case 'address':
      case 'bytes':
        return 'Uint8Array';
      case 'nullable':
        return `${this.#output(type.value)} | null`;
      case 'array':
        return arrayOf(type.element, this.#output(type.element));
      case 'struct':
        return this.#structs.get(type.name)?.output as string;
    }
  }

  /** What is taken for a value. */
  #input(type: Type): string {
    switch (type.kind) {
      case 'integer':
        return this.#import('IntegerInput');
      case 'address':
        return this.#import('AddressInput');
      case 'bytes':
        return this.#import('BytesInput');
      case 'nullable':
        return `${this.#input(type.value)} | null`;
      case 'array':
        return arrayOf(type.element, this.#input(type.element));
      case 'struct':
        return this.#structs.get(type.name)?.input as string;
      default:
        return this.#output(type);
    }
  }

  #import(name: string): string {
    this.#imports.add(name);
    return name;
  }
}

function section(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`  ${name}: {};`];
  return [`  ${name}: {`, ...lines.map((line) => `    ${line}`), '  };'];
}

function arrayOf(element: Type, written: string): string {
  const inner = element.kind === 'nullable' ? `(${written})` : written;
  return element.kind === 'array' ? `readonly (${inner})[]` : `readonly ${inner}[]`;
}

function object(members: readonly string[]): string {
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}

/** A name as a member's. */
function member(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

/** A text as TypeScript has it, on one line, and in a comment nothing that ends it. */
function quoted(text: string): string {
  return jsonLine(text).replaceAll('*/', '*\\/');
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

/** As JSON, which is TypeScript: a line for each method, event and struct. */
function literal({ schema, name, methods, events, structs }: ContractInterface): string {
  const lists = Object.entries({ methods, events, structs }).flatMap(([key, items]) => {
    if (items === undefined) return [];
    const lines = items.map((item) => `    ${jsonLine(item)},\n`).join('');
    return [`  ${key}: ${lines === '' ? '[]' : `[\n${lines}  ]`},\n`];
  });
  return `{\n  schema: ${jsonLine(schema)},\n  name: ${jsonLine(name)},\n${lists.join('')}}`;
}

function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(INVISIBLE, escaped);
}

/** What its author says of a method, as a comment. */
function docLines(doc: string): string[] {
  const lines = doc.split(/\r?\n/).map((line) =>
    line
      .replaceAll('*/', '*\\/')
      .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
      .trimEnd(),
  );
  if (lines.length === 1) return [`/** ${lines[0]} */`];
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** `my-coin` is `MyCoin`. */
function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('');
  return /^[A-Z]/.test(joined) ? joined : `Contract${joined}`;
}
