import { InvalidArgumentError } from 'commander';
import {
  type AbortedCall,
  type AddressNames,
  type BlockTelemetry,
  type CallNames,
  type Decision,
  type Explanation,
  locationText,
} from '../index.js';
import { FileError } from './json-field.js';
import { count, plural } from './quantity.js';
import { formatTable } from './table.js';

/** Calls shown to a person; `--json` has them all. */
const CALLS_SHOWN = 20;

/** What is said of one execution of a block, for JSON. */
export interface ExplainedBlock {
  readonly schema: 'blockstm.aborted-calls/1';
  /** All that the block has. */
  readonly calls: number;
  readonly aborted: readonly AbortedCall[];
  /** Of the calls that were asked for; where none was, of the first in `aborted`, if there is one. */
  readonly explanations: readonly Explanation[];
}

/** What a person is told of the execution that a list is of. */
export interface ListedExecution {
  /** Of one that may go otherwise the next time: `, this time`; else nothing. */
  readonly when: string;
  /** Of the block. */
  readonly decision: Decision | undefined;
  /** How others of the listed calls are explained. */
  readonly others: string;
}

/** Calls by their indexes in the block; undefined: whichever was aborted most. */
export type AskedCalls = readonly number[] | undefined;

/** Parses one more argument of an option that takes several calls. `true`: it was given without any. */
export function collectCall(text: string, calls: readonly number[] | true | undefined): readonly number[] {
  const before = calls === true || calls === undefined ? [] : calls;
  const call = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(call))
    throw new InvalidArgumentError('Expected a whole number; arguments that are none come before the option.');
  if (before.includes(call)) throw new InvalidArgumentError('It is given twice.');
  return [...before, call];
}

/** @throws FileError where a block of so many calls has not all that are asked for. */
export function refuseUnknownCalls(option: string, asked: AskedCalls, calls: number): void {
  const unknown = asked?.find((call) => call >= calls);
  if (unknown === undefined) return;
  const allowed = calls === 0 ? 'the block has no calls' : `expected 0 to ${calls - 1}`;
  throw new FileError(`error: ${option} ${unknown}: ${allowed}`);
}

/** @throws RangeError where the block has not all calls that are asked for. */
export function explainBlock(
  telemetry: BlockTelemetry,
  calls: number,
  asked: AskedCalls,
  names: CallNames,
  addresses: AddressNames,
): ExplainedBlock {
  const aborted = telemetry.abortedCalls(addresses);
  const explained = asked ?? aborted.slice(0, 1).map(({ index }) => index);
  return {
    schema: 'blockstm.aborted-calls/1',
    calls,
    aborted,
    explanations: explained.map((index) => telemetry.explain(index, names, addresses)),
  };
}

/** How the block was executed; undefined where it has no calls. */
export function decisionOf(telemetry: BlockTelemetry, calls: number): Decision | undefined {
  return calls === 0 ? undefined : telemetry.explain(0).decision;
}

/** As a person reads it: the calls that are asked for; where none is, which were aborted, and the first of these. Digits are there in full. */
export function explainedText(
  { calls, aborted, explanations }: ExplainedBlock,
  asked: AskedCalls,
  names: CallNames,
  execution: ListedExecution,
): string {
  const texts = explanations.map(({ text }) => text);
  return (asked === undefined ? [abortedText(aborted, calls, names, execution), ...texts] : texts).join('\n');
}

function abortedText(
  aborted: readonly AbortedCall[],
  calls: number,
  names: CallNames,
  { when, decision, others }: ListedExecution,
): string {
  if (aborted.length === 0) return `None of ${plural(calls, 'call')} was aborted${when}. ${whyNone(decision)}\n`;
  const rows = aborted
    .slice(0, CALLS_SHOWN)
    .map(({ index, incarnations, location, aborts }) => [
      names(index),
      count(incarnations),
      `${count(aborts)} x ${locationText(location)}`,
    ]);
  const columns = [
    { title: '', align: 'left' },
    { title: 'incarnations', align: 'right' },
    { title: 'most often for', align: 'left' },
  ] as const;
  const more = aborted.length > CALLS_SHOWN ? `and ${count(aborted.length - CALLS_SHOWN)} more\n` : '';
  const head = `${count(aborted.length)} of ${plural(calls, 'call')} ${aborted.length === 1 ? 'was' : 'were'} aborted, or left at an ESTIMATE${when}. The first in the list is explained below it; ${others}.`;
  return `${head}\n\n${formatTable(columns, rows)}${more}`;
}

/** Why nothing was aborted, or where more would be. */
function whyNone(decision: Decision | undefined): string {
  if (decision?.mode !== 'sequential')
    return 'With more --workers, or a larger --grain, more calls are under way at once, and meet.';
  const { reason } = decision;
  const sequentially = 'The block was executed sequentially';
  if (reason === 'limit') return `${sequentially}, since speculation met a limit: nothing counts of what was aborted.`;
  const choice = reason === 'option' ? '' : `, as auto chose (${reason})`;
  return `${sequentially}${choice}, so none can be: with --executor block-stm and several --workers calls meet.`;
}
