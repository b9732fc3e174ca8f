import { type ContendedKey, digitShortener, locationText, type Policy, resolvePolicy } from '../host/index.js';
import type { BenchmarkStatistics } from './block-statistics.js';
import type { Environment } from './environment.js';
import { optionName } from './option-name.js';
import { formatValue } from './parameters.js';
import type { BenchmarkReport, SimulationReport, YardstickReport } from './result.js';
import { type TimeSummary, VALUES_FOR_INTERVAL } from './statistics.js';

/**
 * The report as a person reads it: several lines, the last one ended.
 * @param short says the long digits of keys; by default as short as those of the report can be.
 */
export function formatReport(report: BenchmarkReport, short = shortKeys(report)): string {
  const { executor, workers, sequential, speedup, executions, baseline, env } = report;
  const parameters = Object.entries(report.params).map(([name, value]) => `${formatValue(value)} ${optionName(name)}`);
  const perBlock = (total: number, noun: string): string => means(total / report.repeats, noun);
  const yardsticks: [string, YardstickReport][] =
    baseline === null
      ? []
      : [
          ['plain JavaScript Map', baseline.jsMap],
          ['hand-written Wasm', baseline.ledgerLimit],
        ];
  const times = formatTable([
    ['', 'calls/s', 'median ms', 'min ms', 'max ms'],
    ['sequential', formatCount(sequential.tps), ...timeCells(sequential.wallMs)],
    [`${executor}, ${plural(workers, 'worker')}`, formatCount(report.tps), ...timeCells(report.wallMs)],
    ...yardsticks.map(([name, { tps }]) => [name, formatCount(tps), '', '', '']),
  ]);
  const facts: [string, string][] = [
    ['speed-up', `${speedup.median.toFixed(2)}x${formatInterval(report, ' (95% interval ', ')')}`],
    ...(isOversubscribed(report)
      ? [['', `${plural(workers, 'worker')} on ${plural(env.cores, 'core')}: ${TURNS}`] satisfies [string, string]]
      : []),
    ...yardsticks.map(([name, { ratio }], index): [string, string] => [
      index === 0 ? 'against' : '',
      `${name}: sequential runs at ${percent(ratio)} of its speed`,
    ]),
    ...(report.executor === 'auto' ? autoFacts(report) : []),
    ['overhead', `${plural(report.overheadMicros, 'microsecond')} a block, against sequential`],
    [
      'a block',
      `${perBlock(executions, 'execution')}, ${perBlock(report.aborts, 'abort')} (${percent(report.abortRate)})`,
    ],
    ...(isAlone(report) && report.executor !== 'auto' ? [['', ALONE] satisfies [string, string]] : []),
    [
      '',
      `${perBlock(report.validations, 'validation')}, ${perBlock(report.dependencyWaits, 'dependency wait')} (left at an ESTIMATE)`,
    ],
    ...(report.statistics === undefined ? [] : statisticsFacts(report.statistics, report.repeats, short)),
    ['memory', `${plural(report.blockBytesPerCall, 'byte')} of shared memory a call`],
    ['failed calls', `${formatMean(report.failedCalls / report.repeats)} a block`],
    ['states equal', report.statesEqual ? `yes, ${report.stateHash}` : `NO: ${report.difference}`],
    ...(report.simulation === undefined
      ? []
      : [['clock', formatClock(workers, report.simulation)] as [string, string]]),
    ['machine', formatEnvironment(env)],
  ];
  const title = [
    report.workload,
    ...parameters,
    `blocks of ${formatCount(report.blockSize)}`,
    ...policyChanges(report.policy),
    ...(report.measured === 'execute' ? [] : [report.measured]),
    `seed ${report.seed}`,
  ];
  const lines = facts.map(([name, fact]) => `${name.padEnd(14)}${fact}`);
  return `${title.join(', ')}, ${plural(report.repeats, 'repeat')}\n\n${times}\n${lines.join('\n')}\n`;
}

/** The machine and the program: a line without its end. */
export function formatEnvironment({ cpu, cores, node, v8, version, commit }: Environment): string {
  return `${cpu}, ${plural(cores, 'core')}, Node ${node}, V8 ${v8}, blockstm ${version}, commit ${commit ?? 'unknown'}`;
}

/** What times are worth where there are more workers than cores. */
export const TURNS = 'they take turns, and the time says nothing about speed-up';

/** What an abort rate is worth where `isAlone`. */
export const ALONE =
  'one worker executed everything in half of the blocks or more, so that nothing was aborted there, however contended: larger blocks or dearer calls give the others time to begin';

/** Whether one of several workers executed all calls in half of the blocks or more. */
export function isAlone({
  executor,
  workers,
  executingWorkers,
}: Pick<BenchmarkReport, 'executor' | 'workers' | 'executingWorkers'>): boolean {
  return executor !== 'sequential' && workers > 1 && executingWorkers < 2;
}

/** Whether more threads than the process has cores were measured. */
export function isOversubscribed({ simulated, executor, workers, env }: BenchmarkReport): boolean {
  return !simulated && executor !== 'sequential' && workers > env.cores;
}

/** Where efficiency is over 100%, which looks like a mistake. */
const OVER_ATTAINABLE = 'over 100%: attainable goes by gas, which takes more time in some calls than in others';

/** Keys shown; the JSON has 20. */
const KEYS_SHOWN = 3;
const INCARNATIONS_SHOWN = 9;

function shortKeys({ statistics }: BenchmarkReport): (text: string) => string {
  const { contendedKeys = [], rootKeys = [] } = statistics ?? {};
  return digitShortener([...contendedKeys, ...rootKeys].map(locationText));
}

/** What the option `stats` adds to a report for a person. Counts and times are those of a block, on average. */
function statisticsFacts(
  report: BenchmarkStatistics,
  blocks: number,
  short: (text: string) => string,
): [string, string][] {
  const { byCause } = report.aborts;
  const { attainable, commitLatencyMicros: latency, incarnations } = report;
  const perBlock = (total: number): string => formatMean(total / blocks);
  const keyFacts = (label: string, keys: readonly ContendedKey[]): [string, string][] =>
    keys
      .slice(0, KEYS_SHOWN)
      .map((key, index) => [index === 0 ? label : '', `${perBlock(key.aborts)} x ${short(locationText(key))}`]);
  const timePerBlock = (total: number): string => micros(total / blocks);
  const executed = incarnations
    .slice(0, INCARNATIONS_SHOWN)
    .map((calls, position) => `${perBlock(calls)} ${times(position + 1)}`);
  const wastedShare = report.wastedGas / Math.max(1, report.usedGas + report.wastedGas);
  return [
    ...(blocks === 1
      ? []
      : [['statistics', `counts and times are of a block, on average of the ${blocks}`] satisfies [string, string]]),
    [
      'aborts',
      `${perBlock(byCause.validation)} failed validation, ${perBlock(byCause.cascade)} in a cascade; ${means(byCause.estimate / blocks, 'dependency wait')}`,
    ],
    ['executed', `${executed.join(', ')}${incarnations.length > INCARNATIONS_SHOWN ? ' and more' : ''}`],
    ...keyFacts('contended', report.contendedKeys),
    ...(byCause.estimate + byCause.cascade === 0 ? [] : keyFacts('began with', report.rootKeys)),
    ['wasted', `${percent(wastedShare)} of the gas, ${timePerBlock(report.wastedMicros)} a block`],
    [
      'workers',
      `${timePerBlock(report.usedMicros)} used, ${timePerBlock(report.validationMicros)} validating, ${timePerBlock(report.parkedMicros)} without work, of ${plural(report.workers, 'worker')} for ${timePerBlock(report.spanMicros)}`,
    ],
    ['waited', `${timePerBlock(report.suspendedMicros)} for the writers of estimates, all calls together`],
    [
      'commit',
      `${micros(latency.p50)} after a call began (median), ${micros(latency.p90)} (90%), ${micros(latency.p99)} (99%), ${micros(latency.p999)} (99.9%)`,
    ],
    [
      'chain',
      `${plural(report.longestChain, 'dependent call')} at most; the dearest uses ${formatCount(report.criticalPath.gas)} gas`,
    ],
    [
      'attainable',
      `${attainable.unlimited.toFixed(2)}x, with ${plural(report.availableWorkers, 'worker')} ${attainable.workers.toFixed(2)}x: efficiency ${percent(report.efficiency)}`,
    ],
    ...(report.efficiency > 1 ? [['', OVER_ATTAINABLE] satisfies [string, string]] : []),
  ];
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${number} times`;
}

function micros(value: number): string {
  return value < 1_000 ? `${value.toFixed(1)} us` : `${(value / 1_000).toFixed(2)} ms`;
}

function formatClock(workers: number, { cores, costs }: SimulationReport): string {
  return `virtual: ${plural(workers, 'worker')} on ${plural(cores, 'core')}, costs of ${costs}`;
}

/** What `auto` chose, of the measured blocks. Who looks for aborts finds none where that was sequential. */
function autoFacts(report: BenchmarkReport): [string, string][] {
  const { sequential, yielded } = report.modes;
  return [
    ['auto took', formatModes(report)],
    ...(sequential + yielded > 0
      ? [
          ['', 'sequential execution aborts nothing; --executor block-stm speculates in every block'] satisfies [
            string,
            string,
          ],
        ]
      : []),
  ];
}

/** `block-stm 12 times, of which 3 not to the end; sequential 8 times`. */
function formatModes({ modes }: BenchmarkReport): string {
  const partly = modes.yielded > 0 ? `, of which ${modes.yielded} not to the end` : '';
  return `block-stm ${plural(modes['block-stm'], 'time')}${partly}; sequential ${plural(modes.sequential, 'time')}`;
}

/** What is not as it is by default: `grain 1`, `deltas off`. */
function policyChanges(policy: Policy): string[] {
  const defaults = resolvePolicy({});
  const names = Object.keys(defaults) as (keyof Policy)[];
  const changed = names.filter((name) => policy[name] !== defaults[name]);
  return changed.map((name) => {
    const value = policy[name];
    return `${name} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`;
  });
}

/** `0.91 to 1.08` between `before` and `after`, or nothing where there were too few repeats. */
export function formatInterval({ repeats, speedup }: BenchmarkReport, before: string, after: string): string {
  if (repeats < VALUES_FOR_INTERVAL) return '';
  return `${before}${speedup.low.toFixed(2)} to ${speedup.high.toFixed(2)}${after}`;
}

function timeCells({ median, min, max }: TimeSummary): string[] {
  return [median, min, max].map((ms) => ms.toFixed(2));
}

export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** `1 call`, `2,000 calls`: by what is shown, which is rounded. */
export function plural(value: number, noun: string): string {
  const text = formatCount(value);
  return `${text} ${noun}${text === '1' ? '' : 's'}`;
}

/** As `plural` has them, of what is a mean. */
function means(value: number, noun: string): string {
  const text = formatMean(value);
  return `${text} ${noun}${text === '1' ? '' : 's'}`;
}

/** A mean of counts: what is less than ten has two digits, since few are not none: `0.33`. */
export function formatMean(value: number): string {
  return value < 10 && !Number.isInteger(value) ? String(Number(value.toPrecision(2))) : formatCount(value);
}

/** A whole number with thousands separated: `1,234,567`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Rows of cells as aligned columns: the first to the left, the others to the right unless told. Ends with a new line. */
export function formatTable(rows: readonly (readonly string[])[], others: 'left' | 'right' = 'right'): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const cells = (row: readonly string[]): string[] =>
    row.map((cell, column) => {
      const width = widths[column] as number;
      return column === 0 || others === 'left' ? cell.padEnd(width) : cell.padStart(width);
    });
  return rows.map((row) => `${cells(row).join('  ').trimEnd()}\n`).join('');
}
