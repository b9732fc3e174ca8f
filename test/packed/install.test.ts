import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../support/packed.js';
import { FULL_SPEC, writeSwept } from '../support/swept.js';

const PROGRAM = `
import { readFile } from 'node:fs/promises';
import { createRuntime, memoryStore } from 'blockstm';
const runtime = await createRuntime({ workers: 2, store: memoryStore() });
const counter = await runtime.deploy(await readFile('node_modules/blockstm/dist/contracts/counter.wasm'));
const add = counter.transaction(new Uint8Array(32), 'add', { amount: 20n });
const { receipts } = await runtime.execute({ transactions: [add, add] });
console.log(counter.decodeOutput('add', receipts.get(1).output));
await runtime.close();
`;

const TESTING = `
import { testChain } from 'blockstm/testing';
const chain = await testChain();
const counter = await chain.deploy('node_modules/blockstm/dist/contracts/counter.wasm');
console.log(await counter.as('alice').add({ amount: 20n }));
await chain.close();
`;

/** Links of a document to other documents, as paths. */
async function links(directory: string, document: string): Promise<string[]> {
  const text = await readFile(join(directory, document), 'utf8');
  return [...text.matchAll(/\]\(([^):#]+\.md)/g)].map(([, path]) => join(dirname(document), path as string));
}

let directory: string;
let project: Project;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-package-'));
  project = await Project.create(directory);
});
afterAll(() => rm(directory, { recursive: true }));

test('installed into an empty project it is a few packages, which run without a compiler', async () => {
  const packages = await project.packages();
  expect(packages).toContain('blockstm');
  expect(packages.length).toBeLessThanOrEqual(6);
  expect(packages).not.toContain('assemblyscript');
  // It is built: nothing is to be done where it is installed.
  expect(project.warnings).not.toContain('install-scripts');
  await writeFile(join(project.directory, 'program.js'), PROGRAM);
  expect(await project.node('program.js')).toBe('40n\n');
  const compile = `import('blockstm/compiler').then(({ compile }) => compile('coin.ts')).catch(({ code }) => console.log(code))`;
  expect(await project.node('-e', compile)).toBe('ERR_COMPILER\n');
  await writeFile(join(project.directory, 'testing.js'), TESTING);
  expect(await project.node('testing.js')).toBe('20n\n');
  expect(await project.node('node_modules/blockstm/dist/host/cli/main.js', '--help')).toContain('Usage: blockstm');
});

test('a report says what to install where there is nothing that draws figures', async () => {
  expect(await project.packages()).not.toContain('vega');
  writeSwept(join(project.directory, 'sweep'), FULL_SPEC, { finished: 12 });
  await expect(project.blockstm('bench', 'report', 'sweep')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error \(ERR_PLOT\): .*npm install --save-dev vega@6 vega-lite@~6\.4/),
  });
});

test('the documents that it comes with lead to others that it comes with', async () => {
  const folder = join(project.directory, 'node_modules/blockstm');
  const files = await readdir(folder, { recursive: true });
  const documents = files.filter((file) => file.endsWith('.md'));
  expect(documents).toContain('README.md');
  for (const document of documents) {
    for (const path of await links(folder, document))
      expect(existsSync(join(folder, path)), `${document}: ${path}`).toBe(true);
  }
});
