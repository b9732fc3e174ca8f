import type { ContractInterface, EventInterface, MethodInterface, StorageField, TypeExpression } from '../index.js';
import { printable } from './printable.js';
import { formatTable } from './table.js';

/** `transfer(to: address, amount: u64): bool` */
export function methodText({ name, inputs, output }: MethodInterface): string {
  const parameters = inputs.map((input) => `${input.name}: ${input.type}`).join(', ');
  return printable(`${name}(${parameters})${output === null ? '' : `: ${output}`}`);
}

/** `Transfer(from: address indexed, amount: u64)` */
export function eventText({ name, fields }: EventInterface): string {
  const parts = fields.map((field) => `${field.name}: ${field.type}${field.indexed ? ' indexed' : ''}`);
  return printable(`${name}(${parts.join(', ')})`);
}

/** `map<address, u64>` */
export function storageText({ kind, key, value }: StorageField): string {
  const parts = [key, value].filter((type) => type !== undefined);
  return printable(parts.length === 0 ? kind : `${kind}<${parts.join(', ')}>`);
}

const KIND_TEXTS = { call: '', view: 'view', init: 'init', migrate: 'migrate' } as const;

/** The methods of a contract, a line each, what its author says of them below. */
export function methodLines({ methods }: ContractInterface): string {
  return methods
    .map((method) => {
      const kind = KIND_TEXTS[method.kind ?? 'call'].padEnd(8);
      const doc = method.doc === undefined ? '' : `            ${printable(method.doc.replaceAll(/\s+/g, ' '))}\n`;
      return `  ${kind}${methodText(method)}\n${doc}`;
    })
    .join('');
}

/** How the types that the methods take are written as arguments. Empty where they take none. */
export function typeLines(contractInterface: ContractInterface): string {
  const names = new Set<string>();
  for (const { inputs } of contractInterface.methods) {
    for (const { type } of inputs) addTypes(type, contractInterface, names);
  }
  const rows = [...names].map((name) => [`  ${name}`, typeText(name, contractInterface)]);
  const columns = ['  type', 'as an argument'].map((title) => ({ title, align: 'left' as const }));
  return rows.length === 0 ? '' : formatTable(columns, rows);
}

/** The types that a type is made of, itself included. */
function addTypes(type: TypeExpression, contractInterface: ContractInterface, names: Set<string>): void {
  const inner = type.endsWith('?') ? type.slice(0, -1) : type.endsWith('[]') ? type.slice(0, -2) : undefined;
  if (names.has(type)) return;
  names.add(type);
  if (inner !== undefined) addTypes(inner, contractInterface, names);
  const struct = contractInterface.structs?.find(({ name }) => name === type);
  for (const field of struct?.fields ?? []) addTypes(field.type, contractInterface, names);
}

const TEXTS: Readonly<Record<string, string>> = {
  bool: 'true or false',
  string: 'as it is',
  bytes: '"0x" and hex digits',
  address: 'a name, or "0x" and 40 or 64 hex digits',
};

function typeText(type: TypeExpression, { structs }: ContractInterface): string {
  if (type === 'string?') return 'null, or as it is; "null" in quotes is that text';
  if (type.endsWith('?')) return `null or ${type.slice(0, -1)}`;
  if (type.endsWith('[]')) return `[${type.slice(0, -2)}, ...] as JSON`;
  const struct = structs?.find(({ name }) => name === type);
  if (struct !== undefined) {
    return printable(`{${struct.fields.map((field) => `"${field.name}": ${field.type}`).join(', ')}} as JSON`);
  }
  const [, sign, digits] = /^([iu])([0-9]+)$/.exec(type) ?? [];
  if (digits === undefined) return TEXTS[type] ?? type;
  return sign === 'u'
    ? `0 to ${2n ** BigInt(digits) - 1n}`
    : `${-(2n ** BigInt(Number(digits) - 1))} to ${2n ** BigInt(Number(digits) - 1) - 1n}`;
}
