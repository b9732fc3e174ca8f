// Typed events: classes declared with `@event`.
//
//   @event("from", "to")
//   class Transfer {
//     constructor(readonly from: Address, readonly to: Address, readonly amount: u64) {}
//   }
//
// The topic is the name; where fields are indexed, the name with at least one zero behind it, up to a whole word, and the
// words of the indexed fields. The data are the words of the other fields.

import { decoratorNamed } from './decorators.js';
import type { EventInterface } from './interface.js';
import { nameWords } from './name-words.js';
import { type Names, nodesOfFile, type Scope } from './names.js';
import type { Problems } from './problems.js';
import type { StructField, Types } from './source-types.js';
import { addMembers, sdkNames } from './structs.js';
import { type AssemblyScript, type ClassDeclaration, type Expression, errorAt, type Source } from './syntax.js';

/** What a topic may have. */
const topicBytesMax = 256;

export interface EventClass {
  readonly declaration: ClassDeclaration;
  readonly name: string;
  readonly fields: readonly StructField[];
  /** Names of the indexed fields. */
  readonly indexed: ReadonlySet<string>;
}

/** The events that a contract's files declare. Problems: a class that cannot be an event, and two of one name. */
export function readEvents(
  syntax: AssemblyScript,
  problems: Problems,
  types: Types,
  sources: readonly Source[],
): EventClass[] {
  const events = new Map<string, EventClass>();
  for (const source of sources) {
    for (const statement of eventDeclarations(syntax, source)) {
      problems.attempt(() => {
        const event = readEvent(syntax, types, source, statement);
        const other = events.get(event.name);
        if (other !== undefined) {
          const file = other.declaration.range.source.normalizedPath;
          throw errorAt(
            statement.name,
            `another event is named "${event.name}", in ${file}: nobody could tell them apart`,
          );
        }
        events.set(event.name, event);
      });
    }
  }
  return [...events.values()];
}

/** The event as the interface describes it. */
export function eventInterface({ name, fields, indexed }: EventClass): EventInterface {
  return {
    name,
    fields: fields.map((field) => ({ name: field.name, type: field.type.text, indexed: indexed.has(field.name) })),
  };
}

/** Adds to each event's class what `emit` calls: to one with a problem nothing that does anything, so that it is not said again of each `emit`. */
export function addEmitters(syntax: AssemblyScript, events: readonly EventClass[], sources: readonly Source[]): void {
  const read = new Map(events.map((event) => [event.declaration, event]));
  for (const declaration of sources.flatMap((source) => [...eventDeclarations(syntax, source)])) {
    const event = read.get(declaration);
    addMembers(syntax, declaration, event === undefined ? '  __emit(): void {}\n' : emitter(event));
  }
}

function* eventDeclarations(syntax: AssemblyScript, { statements }: Source): Generator<ClassDeclaration> {
  for (const statement of statements) {
    const isClass = statement instanceof syntax.ClassDeclaration;
    if (isClass && decoratorNamed(syntax, statement, 'event') !== undefined) yield statement;
  }
}

/**
 * Makes each `emit(event)` a call of the event's own member: what is no event is then refused where its author emits it, and not in the SDK's file.
 */
export function redirectEmits(syntax: AssemblyScript, names: Names, sources: readonly Source[]): void {
  for (const source of sources) {
    for (const { node, scope, locals } of nodesOfFile(syntax, source)) {
      if (!(node instanceof syntax.CallExpression)) continue;
      const [event, ...others] = node.args;
      if (event === undefined || others.length > 0 || !isEmit(syntax, names, scope, locals, node.expression)) continue;
      const member = syntax.Node.createIdentifierExpression('__emit', node.expression.range);
      node.expression = syntax.Node.createPropertyAccessExpression(event, member, event.range);
      node.args = [];
      node.typeArguments = null;
    }
  }
}

/** Whether an expression is the SDK's `emit`. */
function isEmit(
  syntax: AssemblyScript,
  names: Names,
  scope: Scope,
  locals: ReadonlySet<string>,
  called: Expression,
): boolean {
  const { IdentifierExpression, PropertyAccessExpression } = syntax;
  const isMember = called instanceof PropertyAccessExpression;
  const first = isMember ? called.expression : called;
  if (!(first instanceof IdentifierExpression) || locals.has(first.text)) return false;
  const meaning = names.lookUp(scope, first.text);
  const named = isMember ? names.memberOf(meaning, called.property.text) : meaning;
  return named.kind === 'sdk' && named.name === 'emit';
}

function readEvent(syntax: AssemblyScript, types: Types, source: Source, declaration: ClassDeclaration): EventClass {
  const name = declaration.name.text;
  if ((declaration.typeParameters?.length ?? 0) > 0) throw errorAt(declaration.name, `the event "${name}" is generic`);
  if (declaration.extendsType !== null) throw errorAt(declaration.extendsType, `the event "${name}" has a base class`);
  const fields = types.fieldsOf(declaration, source);
  const indexed = new Set<string>();
  for (const argument of decoratorNamed(syntax, declaration, 'event')?.args ?? []) {
    if (!(argument instanceof syntax.StringLiteralExpression)) {
      throw errorAt(argument, '`@event` is given names of fields as string literals: those that are indexed');
    }
    if (!fields.some((field) => field.name === argument.value)) {
      throw errorAt(argument, `the event "${name}" has no field "${argument.value}"`);
    }
    if (indexed.has(argument.value)) throw errorAt(argument, `the field "${argument.value}" is named twice`);
    indexed.add(argument.value);
  }
  const event = { declaration, name, fields, indexed };
  const leastBytes = topicStart(event).length * 8 + sumOf(fields.filter((field) => indexed.has(field.name)));
  if (leastBytes > topicBytesMax) {
    throw errorAt(
      declaration.name,
      `the event "${name}" does not fit: its name and indexed fields take ${leastBytes} bytes, a topic has at most ${topicBytesMax}`,
    );
  }
  return event;
}

function sumOf(fields: readonly StructField[]): number {
  return fields.reduce((sum, { type }) => sum + type.leastBytes, 0);
}

/** The words that the topic starts with: the name, and a zero behind it where more follows. */
function topicStart({ name, indexed }: EventClass): bigint[] {
  return nameWords(indexed.size === 0 ? name : `${name}\0`);
}

function emitter(event: EventClass): string {
  const { abi, codec } = sdkNames;
  const start = topicStart(event);
  const nameBytes = event.indexed.size === 0 ? new TextEncoder().encode(event.name).length : start.length * 8;
  const encoded = (fields: readonly StructField[]) =>
    fields.map(({ name, written }) => ` + ${codec}.encode<${written}>(this.${name})`).join('');
  const lines = start.map((word) => `    ${abi}.push(0x${word.toString(16)});\n`);
  // The order in which words are staged: those of the topic first.
  lines.push(`    const topic = ${nameBytes}${encoded(event.fields.filter(({ name }) => event.indexed.has(name)))};\n`);
  lines.push(`    const data = 0${encoded(event.fields.filter(({ name }) => !event.indexed.has(name)))};\n`);
  lines.push(`    ${abi}.event(topic, data);\n`);
  return `  @inline\n  __emit(): void {\n${lines.join('')}  }\n`;
}
