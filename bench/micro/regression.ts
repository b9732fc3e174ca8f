import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { environment } from '../environment.js';
import { formatTable } from '../report.js';
import { elsewhere, readBaseline, regressions, writeBaseline } from './baseline.js';
import { measureAll, referenceTimer } from './measured-primitives.js';
import { primitives } from './primitives.js';

/**
 * The kernel's primitives against a loop that nothing of ours is in, by tinybench: a part of `npm run bench:micro`, and with `-- --write` what keeps the ratios as the baseline.
 *
 * Where a primitive has become slower than the baseline the exit code is 1. A baseline of another processor or another Node says nothing about that: it is told, and the exit code is 0.
 */

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const { cpu, node } = environment();
const measured = await measureAll(await primitives(), referenceTimer());
if (values.write) {
  const ratios = Object.fromEntries(measured.map(({ name, ratio }) => [name, Number(ratio.median.toFixed(4))]));
  writeBaseline({ schema: 'blockstm.micro/1', cpu, node, ratios });
}
const baseline = readBaseline();
const rows = measured.map(({ name, sample, ms, ratio }) => {
  const before = baseline.ratios[name];
  return [
    name,
    `${(ms * 1000).toFixed(0)} µs`,
    ratio.median.toFixed(3),
    `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`,
    before === undefined ? '' : before.toFixed(3),
    sample,
  ];
});
const header = ['primitive', 'median', 'of the reference loop', '95% interval', 'baseline', 'a sample is'];
stdout.write(formatTable([header, ...rows], 'left'));
const other = elsewhere(baseline, { cpu, node });
if (other !== undefined) {
  stdout.write(
    `\nNo verdict: ${other}. Before a change, npm run bench:micro -- --write keeps a baseline of this one.\n`,
  );
} else {
  for (const regression of regressions(new Map(measured.map(({ name, ratio }) => [name, ratio])), baseline)) {
    stdout.write(`\n${regression}\n`);
    process.exitCode = 1;
  }
}
