// Applies the mutants (mutants.js) one at a time, and has the explorer look at each, block after block (catchers.js). Writes the table of what caught which into
// test/README.md. Exits 1 where a line is not found, a mutant that is none survives, or the table changes (with --check).
//
// Usage: npm run mutants [-- --check] [-- --only <text>]

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileExplored } from '../../dist/host/explore/kernel-source.js';
import { catchers } from './catchers.js';
import { mutants } from './mutants.js';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const BEGIN = '<!-- mutants: npm run mutants writes what is between these lines -->';
const END = '<!-- end of mutants -->';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, only: { type: 'string' } } });

const problems = [];
const rows = [];
for (const mutant of mutants) {
  if (values.only !== undefined && !`${mutant.file}: ${mutant.mistake}`.includes(values.only)) continue;
  const started = performance.now();
  const caught = await catcherOf(mutant);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${mutant.file}: ${mutant.mistake}: ${caught ?? 'SURVIVES'}  ${seconds} s`);
  if (caught === undefined && mutant.equivalent === undefined)
    problems.push(`${mutant.file}: ${mutant.mistake}: survives`);
  if (caught !== undefined && mutant.equivalent !== undefined)
    problems.push(`${mutant.file}: ${mutant.mistake}: is caught, so it is not equivalent`);
  rows.push(`| \`${mutant.file}\` | ${mutant.mistake} | ${caught ?? `nobody: ${mutant.equivalent}`} |`);
}
if (values.only === undefined) await keepTable();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The first that catches it; undefined if none does. */
async function catcherOf({ file, line, replacement, mistake }) {
  let found = 0;
  const edit = (name, text) => {
    if (name !== file) return text;
    found = text.split(line).length - 1;
    return text.replace(line, () => replacement);
  };
  const kernel = await WebAssembly.compile(await compileExplored(edit));
  if (found !== 1) {
    problems.push(`${file}: ${mistake}: its line is there ${found} times: ${line}`);
    return 'not applied';
  }
  for (const { name, run } of catchers) {
    const message = await run(kernel);
    if (message !== undefined) return `${name}: ${message}`;
  }
  return undefined;
}

async function keepTable() {
  const text = await readFile(README, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < 0) throw new Error(`test/README.md has not the lines ${BEGIN} and ${END}`);
  const killed = rows.filter((row) => !row.includes('| nobody: ')).length;
  const table = [
    BEGIN,
    `${killed} of ${rows.length} are caught; the others are explained.`,
    '',
    '| file | mistake | caught by |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
  const written = `${text.slice(0, from)}${table}\n${text.slice(to)}`;
  if (written === text) return;
  if (values.check) problems.push('test/README.md: the table of mutants is not what was found: npm run mutants');
  else await writeFile(README, written);
}
