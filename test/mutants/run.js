// Applies the mutants (mutants.js) one at a time, and has each go through what may catch it (catchers.js), after the kernel as it is has. Writes the table of what caught which into
// test/README.md. Exits 1 where the kernel as it is gets caught, a line is not found, a mutant that is none survives, or the table changes (with --check).
// --only: the mutants whose file and mistake, `delta: the verdicts ...`, match, and without the kernel as it is; the table keeps the lines of the others.
//
// Usage: npm run mutants [-- --check] [-- --only <regular expression>]

import { readFile, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants } from './mutants.js';

register('./typescript.js', import.meta.url);
const { catchers, Kernels } = await import('./catchers.js');

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const BEGIN = '<!-- mutants: npm run mutants writes what is between these lines -->';
const NOT_RUN = ' not run |';
const END = '<!-- end of mutants -->';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, only: { type: 'string' } } });

const only = values.only === undefined ? undefined : new RegExp(values.only);

const problems = [];
/** By the file and the mistake, as the table begins its lines. */
const rows = new Map();
if (values.only === undefined) await checkUnchanged();
for (const mutant of mutants) {
  if (only !== undefined && !only.test(`${mutant.file}: ${mutant.mistake}`)) continue;
  const started = performance.now();
  const caught = await catcherOf(mutant);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${mutant.file}: ${mutant.mistake}: ${caught ?? 'SURVIVES'}  ${seconds} s`);
  if (caught === undefined && mutant.equivalent === undefined)
    problems.push(`${mutant.file}: ${mutant.mistake}: survives`);
  if (caught !== undefined && mutant.equivalent !== undefined)
    problems.push(`${mutant.file}: ${mutant.mistake}: is caught, so it is not equivalent`);
  rows.set(headOf(mutant), `${headOf(mutant)} ${caught ?? `nobody: ${mutant.equivalent}`} |`);
}
await keepTable();
const { user, system } = process.cpuUsage();
console.log(`${minutes(performance.now())} minutes, ${minutes((user + system) / 1000)} of processor time`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A catcher that finds something in the kernel as it is would say nothing of a mutant. */
async function checkUnchanged() {
  const kernels = new Kernels((_file, text) => text);
  for (const { name, run } of catchers) {
    const started = performance.now();
    const message = await run(kernels);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`the kernel as it is: ${name}: ${message ?? 'passes'}  ${seconds} s`);
    if (message !== undefined) problems.push(`the kernel as it is is caught by ${name}: ${message}`);
  }
}

/** The first that catches it, and what that saw; undefined if none does. */
async function catcherOf({ file, line, replacement, mistake }) {
  const source = await readFile(new URL(`../../assembly/kernel/${file}.ts`, import.meta.url), 'utf8');
  const found = source.split(line).length - 1;
  if (found !== 1) {
    problems.push(`${file}: ${mistake}: its line is there ${found} times: ${line}`);
    return 'not applied';
  }
  const kernels = new Kernels((name, text) => (name === file ? text.replace(line, () => replacement) : text));
  for (const { name, run } of catchers) {
    const message = await run(kernels);
    if (message !== undefined) return `${name}: ${message}`;
  }
  return undefined;
}

function minutes(milliseconds) {
  return (milliseconds / 60_000).toFixed(1);
}

function headOf({ file, mistake }) {
  return `| \`${file}\` | ${mistake} |`;
}

async function keepTable() {
  const text = await readFile(README, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < 0) throw new Error(`test/README.md has not the lines ${BEGIN} and ${END}`);
  const kept = text
    .slice(from, to)
    .split('\n')
    .filter((line) => !line.endsWith(NOT_RUN));
  const all = mutants.map((mutant) => {
    const row = rows.get(headOf(mutant)) ?? kept.find((line) => line.startsWith(headOf(mutant)));
    if (row === undefined) problems.push(`${mutant.file}: ${mutant.mistake}: is not in the table: run it`);
    return row ?? `${headOf(mutant)}${NOT_RUN}`;
  });
  const killed = mutants.filter(({ equivalent }) => equivalent === undefined).length;
  const table = [
    BEGIN,
    `${killed} of ${all.length} are caught; the others are explained.`,
    '',
    '| file | mistake | caught by |',
    '|---|---|---|',
    ...all,
  ].join('\n');
  const written = `${text.slice(0, from)}${table}\n${text.slice(to)}`;
  if (written === text) return;
  if (values.check) problems.push('test/README.md: the table of mutants is not what was found: npm run mutants');
  else await writeFile(README, written);
}
