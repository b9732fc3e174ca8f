import type { BenchmarkReport } from './result.js';
import type { TimeSummary } from './statistics.js';

/** The report as a person reads it: several lines, the last one ended. */
export function formatReport(report: BenchmarkReport): string {
  const { executor, workers, sequential, speedup, executions, baseline, env } = report;
  const parameters = Object.entries(report.params).map(([name, value]) => `${formatCount(value)} ${name}`);
  const perBlock = (total: number): string => formatCount(total / report.repeats);
  const times = formatTable([
    ['', 'calls/s', 'median ms', 'min ms', 'max ms'],
    ['sequential', formatCount(sequential.tps), ...timeCells(sequential.wallMs)],
    [`${executor}, ${workers} worker${workers === 1 ? '' : 's'}`, formatCount(report.tps), ...timeCells(report.wallMs)],
    ...(baseline === null ? [] : [['plain JavaScript Map', formatCount(baseline.jsMap.tps), '', '', '']]),
  ]);
  const facts: [string, string][] = [
    [
      'speed-up',
      `${speedup.median.toFixed(2)}x (95% interval ${speedup.low.toFixed(2)} to ${speedup.high.toFixed(2)})`,
    ],
    ['a block', `${perBlock(executions)} executions, ${perBlock(report.aborts)} aborts (${percent(report.abortRate)})`],
    ['', `${perBlock(report.validations)} validations, ${perBlock(report.dependencyWaits)} dependency waits`],
    ['failed calls', `${perBlock(report.failedCalls)} a block`],
    ['states equal', report.statesEqual ? `yes, ${report.stateHash}` : `NO: ${report.difference}`],
    ['machine', `${env.cpu}, ${env.cores} cores, Node ${env.node}, V8 ${env.v8}, commit ${env.commit ?? 'unknown'}`],
  ];
  if (baseline !== null) {
    facts.splice(1, 0, [
      'against Map',
      `sequential runs at ${percent(baseline.jsMap.ratio)} of the plain ledger's speed`,
    ]);
  }
  const title = [report.workload, ...parameters, `blocks of ${formatCount(report.blockSize)}`, `seed ${report.seed}`];
  const lines = facts.map(([name, fact]) => `${name.padEnd(14)}${fact}`);
  return `${title.join(', ')}, ${report.repeats} repeats\n\n${times}\n${lines.join('\n')}\n`;
}

function timeCells({ median, min, max }: TimeSummary): string[] {
  return [median, min, max].map((ms) => ms.toFixed(2));
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** A whole number with thousands separated: `1,234,567`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Rows of cells as aligned columns: the first to the left, the others to the right. Ends with a new line. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const cells = (row: readonly string[]): string[] =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
    );
  return rows.map((row) => `${cells(row).join('  ').trimEnd()}\n`).join('');
}
