// The published JSON Schemas, against what contracts carry and against what the parsers refuse.

import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseInterface } from '../../dist/host/contract/interface.js';
import { parseLayout } from '../../dist/host/contract/layout.js';
import { readInterface, readLayout } from '../../dist/host/contract/module-interface.js';
import { sampleContract } from '../support/contract-caller.js';
import { schemaOf } from '../support/schemas.js';

const isInterface = schemaOf('interface');
const isLayout = schemaOf('layout');

const samples = (await readdir(new URL('../../dist/contracts/', import.meta.url))).map((file) =>
  file.replace('.wasm', ''),
);

const method = { name: 'go', inputs: [{ name: 'x', type: 'u8' }], output: null };
const minimal = { schema: 'blockstm.interface/1', name: 'sample', methods: [method] };
const order = { name: 'Order', fields: [{ name: 'price', type: 'u128' }] };
const event = { name: 'Placed', fields: [{ name: 'order', type: 'Order', indexed: true }] };
const full = {
  ...minimal,
  methods: [
    { ...method, kind: 'view', doc: 'What it does.', output: 'Order[]?' },
    { ...method, name: 'start', kind: 'init' },
  ],
  events: [event],
  structs: [order],
};
const field = {
  name: 'orders',
  kind: 'map',
  prefix: '00000000000000ff',
  key: 'u64',
  value: 'Order',
  file: 'a.ts',
  line: 1,
};
const layout = { schema: 'blockstm.layout/1', name: 'sample', fields: [field], structs: [order] };

describe('the schema of interfaces', () => {
  it.each(samples)('is met by what the sample contract %s carries', (name) => {
    const module = new WebAssembly.Module(sampleContract(name));
    expect(isInterface(readInterface(module)), JSON.stringify(isInterface.errors)).toBe(true);
    const stored = readLayout(module);
    if (stored !== undefined) expect(isLayout(stored), JSON.stringify(isLayout.errors)).toBe(true);
  });

  it.each([minimal, full, { ...minimal, methods: [] }])('and the parser accept an interface: %o', (document) => {
    expect(isInterface(document), JSON.stringify(isInterface.errors)).toBe(true);
    expect(parseInterface(JSON.stringify(document))).toEqual(document);
  });

  it.each([
    [],
    {},
    { ...minimal, schema: 'blockstm.interface/2' },
    { ...minimal, name: '' },
    { ...minimal, methods: undefined },
    { ...minimal, methods: {} },
    { ...minimal, extra: 1 },
    { ...minimal, methods: [{ ...method, name: 1 }] },
    { ...minimal, methods: [{ ...method, output: undefined }] },
    { ...minimal, methods: [{ ...method, output: 'f64' }] },
    { ...minimal, methods: [{ ...method, kind: 'pure' }] },
    { ...minimal, methods: [{ ...method, doc: '' }] },
    { ...minimal, methods: [{ ...method, gas: 1 }] },
    { ...minimal, methods: [{ ...method, inputs: [{ name: 'x' }] }] },
    ...['u64?', 'bool?[]', 'order', 'u128??', 'u512', '[]', 'i128', 'u8[', ' u8', 'u8[]??', 'u'.repeat(257)].map(
      (type) => ({
        ...minimal,
        methods: [{ ...method, inputs: [{ name: 'x', type }] }],
      }),
    ),
    { ...full, events: [{ ...event, name: '' }] },
    { ...full, events: [{ ...event, name: 'A\0' }] },
    { ...full, events: [{ ...event, fields: [{ ...event.fields[0], indexed: 'yes' }] }] },
    { ...full, structs: [{ ...order, name: 'order' }] },
    { ...full, structs: [{ ...order, fields: [] }] },
    { ...full, structs: [{ ...order, fields: [{ name: 'price', type: 'u128', indexed: true }] }] },
  ])('and the parser refuse an interface: %o', (document) => {
    // As JSON has it: without what is undefined.
    const json = JSON.stringify(document);
    expect(isInterface(JSON.parse(json))).toBe(false);
    expect(() => parseInterface(json)).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });
});

describe('the schema of storage layouts', () => {
  const fields = [
    { name: 'a', kind: 'value', prefix: '0000000000000001', value: 'string?' },
    { name: 'b', kind: 'counter', prefix: '0000000000000002' },
    { name: 'c', kind: 'set', prefix: '0000000000000003', key: 'u64' },
    { name: 'd', kind: 'enumerableMap', prefix: '0000000000000004', key: 'u64', value: 'u8[]' },
  ];

  it.each([layout, { ...layout, fields: [] }, { ...layout, fields }])(
    'and the parser accept a layout: %o',
    (document) => {
      expect(isLayout(document), JSON.stringify(isLayout.errors)).toBe(true);
      expect(parseLayout(JSON.stringify(document))).toEqual(document);
    },
  );

  it.each([
    {},
    { ...layout, schema: 'blockstm.interface/1' },
    { ...layout, fields: undefined },
    { ...layout, extra: 1 },
    { ...layout, fields: [{ ...field, kind: 'list' }] },
    { ...layout, fields: [{ ...field, prefix: 'FF' }] },
    { ...layout, fields: [{ ...field, value: undefined }] },
    { ...layout, fields: [{ ...field, key: undefined }] },
    { ...layout, fields: [{ ...field, kind: 'value' }] },
    { ...layout, fields: [{ ...field, kind: 'set' }] },
    { ...layout, fields: [{ ...field, kind: 'counter' }] },
    { ...layout, fields: [{ ...field, key: 'u64?' }] },
    { ...layout, fields: [{ ...field, line: 0 }] },
    { ...layout, fields: [{ ...field, line: 1.5 }] },
    { ...layout, fields: [{ ...field, file: '' }] },
    { ...layout, fields: [{ ...field, column: 1 }] },
  ])('and the parser refuse a layout: %o', (document) => {
    const json = JSON.stringify(document);
    expect(isLayout(JSON.parse(json))).toBe(false);
    expect(() => parseLayout(json)).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });
});
