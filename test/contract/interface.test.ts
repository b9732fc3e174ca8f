import { describe, expect, it } from 'vitest';
import { type ContractInterface, parseInterface } from '../../dist/host/contract/interface.js';
import { readInterface } from '../../dist/host/contract/module-interface.js';
import { appendCustomSection } from '../../dist/host/contract/section.js';
import { sampleContract } from '../support/contract-caller.js';

const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function moduleWith(...sections: string[]): WebAssembly.Module {
  const encoder = new TextEncoder();
  let wasm: Uint8Array<ArrayBuffer> = emptyModule;
  for (const section of sections)
    wasm = Uint8Array.from(appendCustomSection(wasm, 'blockstm.interface', encoder.encode(section)));
  return new WebAssembly.Module(wasm);
}

function json(changes: object): string {
  return JSON.stringify({ schema: 'blockstm.interface/1', name: 'sample', methods: [], ...changes });
}

describe('the interface section', () => {
  it('describes the methods of a compiled contract', () => {
    const { methods, ...rest } = readInterface(new WebAssembly.Module(sampleContract('token'))) as ContractInterface;
    const named = ['mint', 'transfer', 'balanceOf', 'totalSupply'];
    expect({ ...rest, methods: methods.filter(({ name }) => named.includes(name)) }).toMatchObject({
      schema: 'blockstm.interface/1',
      name: 'token',
      methods: [
        {
          name: 'mint',
          inputs: [
            { name: 'to', type: 'address' },
            { name: 'amount', type: 'u64' },
          ],
          output: null,
        },
        {
          name: 'transfer',
          inputs: [
            { name: 'to', type: 'address' },
            { name: 'amount', type: 'u64' },
          ],
          output: 'bool',
        },
        { name: 'balanceOf', inputs: [{ name: 'owner', type: 'address' }], output: 'u64' },
        { name: 'totalSupply', inputs: [], output: 'u64' },
      ],
    });
  });

  it('is not there in a module that was not compiled here', () => {
    expect(readInterface(new WebAssembly.Module(emptyModule))).toBeUndefined();
  });

  it('is refused twice, or naming what is not exported', () => {
    expect(() => readInterface(moduleWith(json({}), json({})))).toThrow('has 2 "blockstm.interface" sections');
    const methods = [{ name: 'go', inputs: [], output: null }];
    expect(() => readInterface(moduleWith(json({ methods })))).toThrow(
      'names the method "go", which the module does not export',
    );
  });

  it('survives names and contents whose lengths take two bytes', () => {
    const name = 'x'.repeat(300);
    const module = new WebAssembly.Module(
      Uint8Array.from(appendCustomSection(emptyModule, name, new Uint8Array(20_000).fill(5))),
    );
    expect(new Uint8Array(WebAssembly.Module.customSections(module, name)[0] ?? new ArrayBuffer(0))).toEqual(
      new Uint8Array(20_000).fill(5),
    );
  });
});

describe('an interface', () => {
  const method = { name: 'go', inputs: [{ name: 'x', type: 'u8' }], output: null };

  it('is read from its JSON', () => {
    expect(parseInterface(json({ methods: [method] })).methods).toEqual([method]);
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'the interface must be an object, found an array'],
    [
      json({ schema: 'blockstm.interface/2' }),
      'schema must be one of blockstm.interface/1, found "blockstm.interface/2"',
    ],
    [json({ name: '' }), 'name must be a string that is not empty, found ""'],
    [json({ methods: {} }), 'methods must be an array, found an object'],
    [json({ methods: [{ ...method, name: 1 }] }), 'methods[0].name must be a string that is not empty, found 1'],
    [
      json({ methods: [{ ...method, output: 'f64' }] }),
      'methods[0].output names the type "f64", which is neither one of bool, u8,',
    ],
    [
      json({ methods: [{ name: 'go', inputs: [] }] }),
      'methods[0].output must be a type such as u64 or Order[]?, found nothing',
    ],
    [json({ methods: [{ ...method, inputs: [{ name: 'x' }] }] }), 'methods[0].inputs[0].type must be a type such as'],
    [json({ methods: [method, method] }), 'methods must be names that differ, found "go"'],
    [json({ methds: [] }), 'the interface has the unknown member "methds", known are schema, name, methods'],
    [json({ methods: [{ ...method, kind: 'pure' }] }), 'methods[0].kind must be one of call, view, init, migrate'],
    [json({ methods: [{ ...method, doc: 1 }] }), 'methods[0].doc must be a string that is not empty, found 1'],
    [
      json({ methods: ['a', 'b'].map((name) => ({ ...method, name, kind: 'init' })) }),
      'methods must have one of the kind init at most, "b" is another',
    ],
    [json({ events: {} }), 'events must be an array, found an object'],
    [json({ events: [{ name: 'A\0', fields: [] }] }), 'events[0].name must be a name without a zero character'],
    [
      json({ events: [{ name: 'A', fields: [{ name: 'x', type: 'u8', indexed: 1 }] }] }),
      'events[0].fields[0].indexed must be true or false, found 1',
    ],
    [
      json({ events: [{ name: 'A'.repeat(250), fields: [{ name: 'x', type: 'u8', indexed: true }] }] }),
      'events[0] has a topic of 264 bytes or more, of which there may be 256',
    ],
    [json({ structs: [{ name: 'A', fields: [{ name: 'x', type: 'A' }] }] }), 'makes the struct A a part of itself'],
  ])('is refused where it is not as documented: %s', (text, message) => {
    expect(() => parseInterface(text)).toThrow(message);
    expect(() => parseInterface(text)).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });
});
