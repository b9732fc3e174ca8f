import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generateClient } from '../../dist/host/contract/client-source.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import { readInterface } from '../../dist/host/contract/module-interface.js';
import { sampleContract } from '../support/contract-caller.js';
import { startedInterface } from '../support/initialized.js';
import { EMPTY } from '../support/interface-values.js';
import { market } from '../support/market.js';

const samples = (await readdir(new URL('../../dist/contracts/', import.meta.url))).map((file) =>
  file.replace('.wasm', ''),
);

const interfaces: [string, ContractInterface][] = [
  ...samples.map((name): [string, ContractInterface] => {
    return [name, readInterface(new WebAssembly.Module(sampleContract(name))) as ContractInterface];
  }),
  ['market', market],
  ['started', startedInterface('start')],
];

describe('the source of a client', () => {
  // Whether it is TypeScript, `npm run typecheck` says: the golden files are a part of the tests.
  it.each(interfaces)('of %s is as it was; vitest -u accepts another', async (name, contract) => {
    await expect(generateClient(contract)).toMatchFileSnapshot(`golden/${name}.client.ts`);
  });

  it('is the same for the same interface', () => {
    expect(generateClient(JSON.parse(JSON.stringify(market)))).toBe(generateClient(market));
  });

  it.each([
    ['coin', 'Coin'],
    ['my-coin 2', 'MyCoin2'],
    ['myCoin', 'MyCoin'],
    ['2coins', 'Contract2coins'],
    ['🌙', 'Contract'],
    ['"; process.exit(); "', 'ProcessExit'],
  ])('exports %j as %s', (name, exported) => {
    const source = generateClient({ ...EMPTY, name });
    expect(source).toContain(`export const ${exported} = defineClient<${exported}Types>(`);
    expect(source).toContain("import { defineClient } from 'blockstm';");
  });

  it('has names and texts in it as nothing but names and texts', () => {
    const hostile = ['*/ x /*', '"; x; "', '`x`', '\u2028x', '\u202ex', "'x", '\\', '\n x', '/', '//', '__proto__'];
    const methods = hostile.map((name) => ({
      name,
      inputs: hostile.map((input) => ({ name: input, type: 'u8' })),
      output: null,
      doc: hostile.join(' '),
    }));
    const events = hostile.map((name) => ({ name, fields: [] }));
    for (const name of hostile) {
      const source = generateClient({ ...EMPTY, name, methods, events });
      expect(source).not.toMatch(/[\u2028\u202e]/);
      const withoutStrings = source.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
      const withoutComments = withoutStrings.replaceAll(/\/\*\*?[\s\S]*?\*\/|\/\/.*/g, '');
      // What is left has nothing of them but those that are identifiers.
      expect(withoutComments.replaceAll('__proto__', '')).not.toMatch(/\bx\b|[`\\]/);
    }
  });

  it('is not written for an interface that is none', () => {
    expect(() => generateClient({ ...EMPTY, name: '' })).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });
});
