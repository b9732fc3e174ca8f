import type { Decision, ExecutorName, Policy, Receipt } from '../runtime/types.js';
import { adviceFor } from './advice.js';
import type { CommittedCall, TrueRead } from './dependencies.js';
import { type CallHistory, committed, type TapedAbort } from './incarnations.js';
import { type LocationNames, locationText } from './location-names.js';
import type { Advice, CallNames, ExplainedIncarnation, ExplainedRead, Explanation } from './types.js';

/** Of lists in words; what is not words has all. */
const SHOWN_MAX = 12;

/** What is known of a block beside its tape. */
export interface BlockCourse {
  readonly executor: ExecutorName;
  readonly decision: Decision;
  readonly policy: Policy;
  receiptOf(index: number): Receipt;
}

/** What explanations of a block's calls are made of. */
export interface ExplanationSource {
  readonly course: BlockCourse;
  readonly histories: readonly CallHistory[];
  /** Where each abort began. */
  readonly roots: ReadonlyMap<TapedAbort, TapedAbort>;
  readonly calls: readonly CommittedCall[];
  readonly reads: readonly (readonly TrueRead[])[];
  readonly names: LocationNames;
}

/** Why call `index` was executed as often as it was. @throws RangeError where there is no such call. */
export function explain(source: ExplanationSource, index: number, callName: CallNames): Explanation {
  const { histories, names, calls, course } = source;
  const history = histories[index];
  if (history === undefined)
    throw new RangeError(`explain: the block has calls 0 to ${histories.length - 1}, not ${index}`);
  const reads = (source.reads[index] as TrueRead[]).map(
    ({ location, writer, adders, isBound }): ExplainedRead => ({
      location: names.of(location),
      writer: writer ?? null,
      adders,
      isBound,
    }),
  );
  const { accesses } = calls[index] as CommittedCall;
  const writes = accesses
    .filter(({ isWritten, isAdded }) => isWritten || isAdded)
    .map(({ location }) => names.of(location));
  const aborts = history.aborts.filter((abort) => abort !== undefined);
  const advice = adviceFor(aborts, { ...source, deltas: course.policy.deltas }, callName);
  const { status, error } = course.receiptOf(index);
  return {
    schema: 'blockstm.explanation/1',
    index,
    status,
    code: error?.code ?? null,
    executor: course.executor,
    decision: course.decision,
    reads,
    writes,
    incarnations: incarnationsOf(history, names),
    advice,
    text: [
      opening(history, course, callName),
      ...readLines(reads, callName),
      `It writes ${listed(writes.map(locationText)) || 'nothing'}.`,
      ...history.executions.map((_, position) => `  ${ending(source, history, position, callName)}`),
      ...adviceLines(advice),
      '',
    ].join('\n'),
  };
}

function incarnationsOf({ executions, aborts }: CallHistory, names: LocationNames): ExplainedIncarnation[] {
  return executions.map(({ incarnation, worker, gas }, position) => {
    const abort = aborts[position];
    return {
      incarnation,
      worker,
      outcome: abort?.cause ?? 'committed',
      gas,
      location: abort === undefined ? null : names.of(abort.location),
      writer: abort?.writer ?? null,
    };
  });
}

function opening(history: CallHistory, course: BlockCourse, callName: CallNames): string {
  const { index } = history;
  const { gas } = committed(history);
  const { status, error } = course.receiptOf(index);
  const ended = error === undefined ? status : `${status} (${error.code})`;
  const { sequentialFrom } = course.decision;
  const later =
    sequentialFrom === undefined ? '' : ` From call ${sequentialFrom} on the block was executed sequentially.`;
  return `${capital(callName(index))} ended ${ended}, used ${gas} gas and was executed ${howOften(history, course)}.${later}`;
}

function howOften({ executions: { length } }: CallHistory, { executor, decision }: BlockCourse): string {
  const { mode, reason } = decision;
  if (mode === 'block-stm') return length === 1 ? 'once: nothing was aborted' : `${length} times; the last one stands`;
  if (reason === 'limit')
    return 'once, sequentially, since speculation met a limit: nothing counts of what was aborted';
  const choice = executor === 'auto' ? `, as auto chose (${reason})` : '';
  return `once, sequentially${choice}: nothing can be aborted`;
}

function readLines(reads: readonly ExplainedRead[], callName: CallNames): string[] {
  if (reads.length === 0) return ['It reads nothing.'];
  const lines = reads.slice(0, SHOWN_MAX).map(({ location, writer, adders, isBound }) => {
    const written = writer === null ? 'from the state before the block' : `written by ${callName(writer)}`;
    const added = adders.length === 0 ? '' : `, then added to by ${listed(adders.map(callName))}`;
    const what = isBound ? 'whether a bound of ' : '';
    const held = isBound ? ' holds' : '';
    return `  ${what}${locationText(location)}${held}, ${written}${added}`;
  });
  const more = reads.length - lines.length;
  return ['It reads', ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** How an incarnation ended. */
function ending(source: ExplanationSource, history: CallHistory, position: number, callName: CallNames): string {
  const execution = history.executions[position];
  const abort = history.aborts[position];
  const who = `Incarnation ${execution?.incarnation}, by worker ${execution?.worker},`;
  if (abort === undefined) return `${who} was committed.`;
  const where = locationText(source.names.of(abort.location));
  const writer = abort.writer === undefined ? 'another call' : callName(abort.writer);
  switch (abort.cause) {
    case 'validation':
      if (abort.isBound)
        return `${who} failed validation: it had asked whether a bound of ${where} holds before ${writer} changed it, and is told otherwise now.`;
      return `${who} failed validation: it had read ${where} before ${writer} wrote it.`;
    case 'estimate':
      return `${who} met an estimate: ${writer} had been aborted and was to write ${where} again${rootOf(source, abort, callName)}. It waited for that.`;
    case 'cascade':
      return `${who} was aborted in a cascade: it had read ${where} as ${writer} wrote it, and that was aborted itself${rootOf(source, abort, callName)}.`;
  }
}

/** Why the writer had been aborted in its turn: what it all began with. */
function rootOf({ roots, names }: ExplanationSource, abort: TapedAbort, callName: CallNames): string {
  const root = roots.get(abort);
  if (root === abort || root?.writer === undefined) return '';
  return `; it all began when ${callName(root.writer)} wrote ${locationText(names.of(root.location))}`;
}

function adviceLines(advice: readonly Advice[]): string[] {
  if (advice.length === 0) return [];
  const more = advice.length - SHOWN_MAX;
  const shown = advice.slice(0, SHOWN_MAX).map(({ text }) => `  ${text}.`);
  return ['What would have avoided it:', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function listed(words: readonly string[]): string {
  const shown =
    words.length > SHOWN_MAX ? [...words.slice(0, SHOWN_MAX - 1), `${words.length - SHOWN_MAX + 1} more`] : words;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
