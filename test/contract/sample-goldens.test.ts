import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readInterface, readLayout } from '../../dist/host/contract/module-interface.js';
import { sampleContract } from '../support/contract-caller.js';

const files = await readdir(new URL('../../assembly/contracts/', import.meta.url));
const samples = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));

const written = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** What others have built on: a change here is one for them. */
describe.each(samples)('the sample %s', (name) => {
  const module = new WebAssembly.Module(sampleContract(name));

  it('has the interface that it had; vitest -u accepts another', async () => {
    await expect(written(readInterface(module))).toMatchFileSnapshot(`golden/${name}.interface.json`);
  });

  it('keeps its state where it did; vitest -u accepts another place', async () => {
    await expect(written(readLayout(module))).toMatchFileSnapshot(`golden/${name}.layout.json`);
  });
});
