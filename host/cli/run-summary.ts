import type {
  BlockResult,
  BlockStatisticsReport,
  Decision,
  ExecutorName,
  ReceiptStatus,
  Transaction,
} from '../index.js';
import { failurePlace } from './failure-place.js';
import { type HeadDocument, headRow } from './head-line.js';
import { printable } from './printable.js';
import { count, plural } from './quantity.js';
import type { FailureDocument, ReceiptReader } from './receipt-reader.js';
import { formatRows, type Row } from './rows.js';
import { statisticsRows } from './statistics-rows.js';

/** What `blockstm run --json` prints. */
export interface RunSummary {
  readonly schema: 'blockstm.run/1';
  readonly block: string;
  /** Null without `--genesis`. */
  readonly genesis: string | null;
  /** Null without `--state`. */
  readonly state: string | null;
  readonly contracts: number;
  readonly firstCalls: number;
  readonly executor: ExecutorName;
  /** What the executor did, and why. */
  readonly decision: Decision;
  readonly workers: number;
  readonly calls: number;
  readonly statuses: Readonly<Record<ReceiptStatus, number>>;
  /** Gas used by all calls together. */
  readonly gasUsed: number;
  /** Calls that are `ok` and gave back false, which is how some contracts refuse. */
  readonly returnedFalse: number;
  /** Why calls failed, the most frequent reason first. */
  readonly failures: readonly FailureCount[];
  /** Around `await runtime.execute(block)`, in milliseconds. */
  readonly wallMs: number;
  /** Calls a second, at `wallMs`. */
  readonly tps: number;
  readonly executions: number;
  readonly aborts: number;
  /** aborts / executions. */
  readonly abortRate: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  /** Locations that the block changed. */
  readonly writeSetSize: number;
  readonly stateHash: string;
  /** Null without `--verify`. */
  readonly verified: boolean | null;
  /** Where the executor's result differs first from the sequential one. */
  readonly difference: string | null;
  /** Null without `--stats`. */
  readonly statistics: BlockStatisticsReport | null;
  /** The chain's last block: this one. Null without `--state`, and with `--dry-run`. */
  readonly head: HeadDocument | null;
}

/** `position` and `backtrace` are those of the first of the calls. */
interface FailureCount extends FailureDocument {
  readonly calls: number;
}

/** What a summary is made of. */
export interface Run {
  readonly block: string;
  readonly genesis: string | undefined;
  readonly state: string | undefined;
  readonly contracts: number;
  readonly firstCalls: number;
  readonly transactions: readonly Transaction[];
  readonly receiptReader: ReceiptReader;
  readonly result: BlockResult;
  readonly wallMs: number;
  /** Undefined: not compared. Null: equal. */
  readonly difference: string | null | undefined;
  readonly statistics: BlockStatisticsReport | undefined;
  readonly head: HeadDocument | undefined;
}

/** Reasons shown to a person; `--json` has them all. */
const FAILURES_SHOWN_MAX = 5;

export async function summarize(run: Run): Promise<RunSummary> {
  const { result, wallMs, difference } = run;
  const { executor, decision, workers, executions, aborts, validations, dependencyWaits } = result.stats;
  const calls = result.receipts.length;
  return {
    schema: 'blockstm.run/1',
    block: run.block,
    genesis: run.genesis ?? null,
    state: run.state ?? null,
    contracts: run.contracts,
    firstCalls: run.firstCalls,
    executor,
    decision,
    workers,
    calls,
    ...countReceipts(run),
    wallMs,
    tps: (calls / wallMs) * 1_000,
    executions,
    aborts,
    abortRate: executions === 0 ? 0 : aborts / executions,
    validations,
    dependencyWaits,
    writeSetSize: result.writeSet.length,
    stateHash: await result.stateHash(),
    verified: difference === undefined ? null : difference === null,
    difference: difference ?? null,
    statistics: run.statistics ?? null,
    head: run.head ?? null,
  };
}

/** The summary as a person reads it. */
export function formatSummary(summary: RunSummary): string {
  const { calls, executions, validations, dependencyWaits } = summary;
  const rows: Row[] = [
    ['block', `${summary.block}, ${plural(calls, 'call')}`],
    formatOrigin(summary),
    ['executor', formatExecutor(summary)],
    [
      'time',
      `${summary.wallMs.toFixed(2)} ms, ${count(summary.tps)} calls/s (one cold run; to measure: blockstm bench)`,
    ],
    ['receipts', formatStatuses(summary)],
    ...formatFailures(summary.failures),
    ['gas', `${count(summary.gasUsed)}, ${count(calls === 0 ? 0 : summary.gasUsed / calls)} a call`],
    ['executions', `${count(executions)}, of which ${plural(summary.aborts, 'abort')} (${percent(summary.abortRate)})`],
    ['validations', `${count(validations)}, ${plural(dependencyWaits, 'dependency wait')}`],
    ...(summary.statistics === null ? [] : statisticsRows(summary.statistics)),
    ['write set', plural(summary.writeSetSize, 'location')],
    ['state hash', summary.stateHash],
    ...(summary.head === null ? [] : [headRow(summary.head)]),
  ];
  if (summary.verified === true)
    rows.push(['verified', 'every receipt, the write set and the state hash equal sequential']);
  if (summary.verified === false) rows.push(['verified', `NO: ${summary.difference}`]);
  return formatRows(rows);
}

function formatOrigin({ genesis, state, contracts, firstCalls, head }: RunSummary): Row {
  if (genesis === null) {
    return ['state', `${state}, ${plural(contracts, 'contract')}${head === null ? ', left as it is' : ''}`];
  }
  const kept = state === null ? '' : `, kept in ${state}`;
  return ['genesis', `${genesis}, ${plural(contracts, 'contract')}, ${plural(firstCalls, 'first call')}${kept}`];
}

function formatExecutor({ executor, workers, decision }: RunSummary): string {
  if (executor === 'sequential') return executor;
  const chosen = executor === 'auto' ? ` took ${decision.mode} (${decision.reason})` : '';
  const later = decision.sequentialFrom === undefined ? '' : `, sequential from call ${decision.sequentialFrom} on`;
  return `${executor}${chosen}, ${plural(workers, 'worker')}${later}`;
}

function countReceipts(run: Run): Pick<RunSummary, 'statuses' | 'gasUsed' | 'returnedFalse' | 'failures'> {
  const statuses = { ok: 0, reverted: 0, outOfGas: 0, trapped: 0, invalid: 0 };
  let gasUsed = 0;
  const failures = new Map<string, { first: FailureDocument; calls: number }>();
  let returnedFalse = 0;
  for (const receipt of run.result.receipts) {
    statuses[receipt.status]++;
    gasUsed += receipt.gasUsed;
    if (run.receiptReader.result(receipt, run.transactions[receipt.index] as Transaction) === false) returnedFalse++;
    if (receipt.error === undefined) continue;
    const { code, message } = receipt.error;
    const key = `${code} ${message}`;
    const failure = failures.get(key) ?? { first: run.receiptReader.failure(receipt.error), calls: 0 };
    failure.calls++;
    failures.set(key, failure);
  }
  const counts = [...failures.values()].map(({ first, calls }) => ({ ...first, calls }));
  const mostFrequentFirst = counts.sort((left, right) => right.calls - left.calls);
  return { statuses, gasUsed, returnedFalse, failures: mostFrequentFirst };
}

function formatStatuses({ calls, statuses, returnedFalse }: RunSummary): string {
  const failed = Object.entries(statuses).filter(([status, number]) => status !== 'ok' && number > 0);
  const kinds = failed.map(([status, number]) => `${count(number)} ${status}`).join(', ');
  const refused = returnedFalse === 0 ? '' : ` (${count(returnedFalse)} of them returned false)`;
  return `${count(statuses.ok)} ok${refused}, ${count(calls - statuses.ok)} failed${kinds === '' ? '' : `: ${kinds}`}`;
}

function formatFailures(failures: readonly FailureCount[]): Row[] {
  const shown = failures.slice(0, FAILURES_SHOWN_MAX).flatMap(formatFailure);
  const rest = failures.slice(FAILURES_SHOWN_MAX).reduce((sum, { calls }) => sum + calls, 0);
  return rest === 0 ? shown : [...shown, ['', `${count(rest)} for other reasons (--json has them all)`]];
}

function formatFailure(failure: FailureCount): Row[] {
  const { code, message, calls } = failure;
  const place = failurePlace(failure).map((line): Row => ['', `  ${line}`]);
  return [['', `${count(calls)} x ${code}: ${printable(message)}`], ...place];
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}
