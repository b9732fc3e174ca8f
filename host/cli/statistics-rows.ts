import { availableParallelism } from 'node:os';
import { type BlockStatisticsReport, type ContendedKey, digitShortener, locationText } from '../index.js';
import { printable } from './printable.js';
import { count, plural } from './quantity.js';
import type { Row } from './rows.js';

/** Keys shown to a person; `--json` has them all. */
const KEYS_SHOWN = 5;
const INCARNATIONS_SHOWN = 9;
const DEPTHS_SHOWN = 5;
/** Calls of the critical path. */
const CALLS_SHOWN = 12;

/** A block's statistics as a person reads them. */
export function statisticsRows(report: BlockStatisticsReport): Row[] {
  if (report.calls === 0) return [['aborts', 'none: the block has no calls']];
  const {
    aborts,
    incarnations,
    criticalPath,
    attainable,
    commitLatencyMicros: latency,
    contendedKeys,
    rootKeys,
  } = report;
  const { validation, estimate, cascade } = aborts.byCause;
  const shown = incarnations.slice(0, INCARNATIONS_SHOWN);
  const executed = shown.map((calls, position) => `${count(calls)} ${times(position + 1)}`).join(', ');
  const total = report.usedGas + report.wastedGas;
  return [
    [
      'aborts',
      `${count(aborts.total)}: ${count(validation)} failed validation, ${count(estimate)} met an estimate, ${count(cascade)} in a cascade`,
    ],
    ['executed', `${executed}${incarnations.length > INCARNATIONS_SHOWN ? ' and more' : ''}`],
    [
      'wasted',
      `${count(report.wastedGas)} gas (${percent(report.wastedGas / Math.max(1, total))}), ${micros(report.wastedMicros)}`,
    ],
    [
      'workers',
      `${micros(report.usedMicros)} used, ${micros(report.validationMicros)} validating, ${micros(report.parkedMicros)} without work, of ${plural(report.workers, 'worker')} for ${micros(report.spanMicros)}`,
    ],
    ['waited', `${micros(report.suspendedMicros)} for the writers of estimates`],
    [
      'commit',
      `${micros(latency.p50)} after a call began (median), ${micros(latency.p90)} (90%), ${micros(latency.p99)} (99%), ${micros(latency.p999)} (99.9%)`,
    ],
    ...keyRows({ contended: contendedKeys, 'began with': estimate + cascade === 0 ? [] : rootKeys }),
    [
      'chain',
      `of dependent calls: ${plural(report.longestChain, 'call')} long at most; the dearest uses ${count(criticalPath.gas)} gas`,
    ],
    ['', `its calls are ${indexes(criticalPath.calls)}`],
    ['depth', depths(report.chainLengths)],
    [
      'attainable',
      `${attainable.unlimited.toFixed(2)}x, with ${plural(report.availableWorkers, 'worker')} ${attainable.workers.toFixed(2)}x`,
    ],
    ['busy', `${report.busyWorkers.toFixed(2)} workers on average with what was committed; speed-up: blockstm bench`],
    ...oversubscription(report),
  ];
}

/** By their labels. */
function keyRows(lists: Readonly<Record<string, readonly ContendedKey[]>>): Row[] {
  const rows = Object.entries(lists).flatMap(([label, keys]) =>
    keys
      .slice(0, KEYS_SHOWN)
      .map((key, position): Row => [position === 0 ? label : '', `${count(key.aborts)} x ${locationText(key)}`]),
  );
  const short = digitShortener(rows.map(([, text]) => text));
  return rows.map(([label, text]) => [label, printable(short(text))]);
}

/** A thread that waits for a core counts as busy. */
function oversubscription({ workers }: BlockStatisticsReport): Row[] {
  const cores = availableParallelism();
  return workers > cores
    ? [
        [
          '',
          `${plural(workers, 'worker')} on ${plural(cores, 'core')}: they take turns, and their times have the waiting in them`,
        ],
      ]
    : [];
}

/** `0, 4, 17`; of many the first and the last. */
function indexes(calls: readonly number[]): string {
  if (calls.length <= CALLS_SHOWN) return calls.join(', ');
  return `${calls.slice(0, CALLS_SHOWN - 1).join(', ')} … ${calls.at(-1)}`;
}

/** How many calls have so many others before them. */
function depths(chainLengths: readonly number[]): string {
  const shown = chainLengths.slice(0, DEPTHS_SHOWN).map((calls, before) => `${plural(calls, 'call')} after ${before}`);
  const rest = chainLengths.slice(DEPTHS_SHOWN).reduce((sum, calls) => sum + calls, 0);
  if (rest > 0) shown.push(`${plural(rest, 'call')} after ${DEPTHS_SHOWN} or more`);
  return `${shown.join(', ')} that have to come first, one after another`;
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${number} times`;
}

function micros(value: number): string {
  return value < 1_000 ? `${value.toFixed(1)} us` : `${(value / 1_000).toFixed(2)} ms`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}
