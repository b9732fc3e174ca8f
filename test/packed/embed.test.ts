import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withDirectory } from '../support/directories.js';
import { Project } from '../support/packed.js';

const token = fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url));

// test/embed is all that somebody writes who keeps a chain: its types are checked against those of the package, libraries included.
test('a project of somebody else’s keeps a chain, and goes on with it in another process', () =>
  withDirectory(async (directory) => {
    const project = await Project.create(directory, new URL('../embed', import.meta.url));
    await project.node('node_modules/typescript/bin/tsc');
    await project.node('dist/first-run.js', 'chain', token, 'summary.json');
    expect(await project.node('dist/second-run.js', 'chain', 'summary.json')).toBe('went on at 102\n');
  }));
