import { type BlockStatisticsReport, type ContendedKey, locationText } from '../index.js';
import { printable } from './printable.js';
import { count, plural } from './quantity.js';
import type { Row } from './rows.js';

/** Keys shown to a person; `--json` has them all. */
const KEYS_SHOWN = 5;
const INCARNATIONS_SHOWN = 9;

/** Where efficiency is over 100%, which looks like a mistake. */
const OVER_ATTAINABLE = 'over 100%: attainable goes by gas, which takes more time in some calls than in others';

/** A block's statistics as a person reads them. */
export function statisticsRows(report: BlockStatisticsReport): Row[] {
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
    ['executed', `${executed || 'nothing'}${incarnations.length > INCARNATIONS_SHOWN ? ' and more' : ''}`],
    ['wasted', `${count(report.wastedGas)} gas (${percent(report.wastedGas / total)}), ${micros(report.wastedMicros)}`],
    [
      'workers',
      `${micros(report.usedMicros)} used, ${micros(report.validationMicros)} validating, ${micros(report.parkedMicros)} without work, of ${plural(report.workers, 'worker')} for ${micros(report.spanMicros)}`,
    ],
    ['waited', `${micros(report.suspendedMicros)} for the writers of estimates`],
    [
      'commit',
      `${micros(latency.p50)} after a call began (median), ${micros(latency.p90)} (90%), ${micros(latency.p99)} (99%), ${micros(latency.p999)} (99.9%)`,
    ],
    ...keyRows('contended', contendedKeys),
    ...(estimate + cascade === 0 ? [] : keyRows('began with', rootKeys)),
    [
      'chain',
      `of dependent calls: ${plural(report.longestChain, 'call')} long at most; the dearest uses ${count(criticalPath.gas)} gas`,
    ],
    [
      'attainable',
      `${attainable.unlimited.toFixed(2)}x, with ${plural(report.workers, 'worker')} ${attainable.workers.toFixed(2)}x; here ${report.speedup.toFixed(2)}x, efficiency ${percent(report.efficiency)}`,
    ],
    ...(report.efficiency > 1 ? [['', OVER_ATTAINABLE] satisfies Row] : []),
  ];
}

function keyRows(label: string, keys: readonly ContendedKey[]): Row[] {
  return keys
    .slice(0, KEYS_SHOWN)
    .map(
      (key, position): Row => [position === 0 ? label : '', `${count(key.aborts)} x ${printable(locationText(key))}`],
    );
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${number} times`;
}

function micros(value: number): string {
  return value < 1_000 ? `${value.toFixed(1)} us` : `${(value / 1_000).toFixed(2)} ms`;
}

function percent(fraction: number): string {
  return `${((Number.isFinite(fraction) ? fraction : 0) * 100).toFixed(1)}%`;
}
