import { adviceOn } from './advice.js';
import type { CommittedCall, TrueRead } from './dependencies.js';
import { type CallHistory, committed, type TapedAbort } from './incarnations.js';
import { type LocationNames, locationText } from './location-names.js';
import type { Advice, CallNames, ExplainedIncarnation, ExplainedRead, Explanation } from './types.js';

/** Of lists in words; what is not words has all. */
const SHOWN_MAX = 12;

/** What explanations of a block's calls are made of. */
export interface ExplanationSource {
  readonly histories: readonly CallHistory[];
  readonly calls: readonly CommittedCall[];
  readonly reads: readonly (readonly TrueRead[])[];
  readonly names: LocationNames;
}

/** Why call `index` was executed as often as it was. @throws RangeError where there is no such call. */
export function explain(source: ExplanationSource, index: number, callName: CallNames): Explanation {
  const { histories, names, calls } = source;
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
  const advice = adviceFor(source, history, callName);
  return {
    schema: 'blockstm.explanation/1',
    index,
    reads,
    writes,
    incarnations: incarnationsOf(history, names),
    advice,
    text: [
      opening(history, callName),
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

function opening(history: CallHistory, callName: CallNames): string {
  const { index, executions } = history;
  const { gas } = committed(history);
  const times =
    executions.length === 1 ? 'once: nothing was aborted' : `${executions.length} times; the last one stands`;
  return `${capital(callName(index))} used ${gas} gas and was executed ${times}.`;
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

/** Why the writer had been aborted in its turn. */
function rootOf({ histories, names }: ExplanationSource, abort: TapedAbort, callName: CallNames): string {
  const cause = abortBefore(histories, abort);
  if (cause?.writer === undefined) return '';
  return `, because of ${callName(cause.writer)} and ${locationText(names.of(cause.location))}`;
}

/** The last abort of the call that had `abort` happen, by then; undefined where that call had not been aborted. */
function abortBefore(histories: readonly CallHistory[], { cause, writer, end }: TapedAbort): TapedAbort | undefined {
  if (cause === 'validation') return undefined;
  const earlier = histories[writer ?? -1]?.aborts.filter((each) => each !== undefined && each.end <= end);
  return earlier?.at(-1);
}

/** Of all its aborts; where one comes of another's, that one's first. */
function adviceFor(source: ExplanationSource, { aborts }: CallHistory, callName: CallNames): Advice[] {
  const { calls, names, histories } = source;
  const advice = new Map<string, Advice>();
  const add = ({ index, location, writer }: TapedAbort): void => {
    const changers = changersOf(calls, location);
    const place = { name: names.of(location), meaning: names.meaningOf(location), changers };
    for (const each of adviceOn({ reader: index, writer, location }, place, calls, callName)) {
      const key = `${each.kind} ${location}`;
      if (!advice.has(key)) advice.set(key, each);
    }
  };
  for (const abort of aborts) {
    if (abort === undefined) continue;
    const chain = [abort];
    for (let cause = abortBefore(histories, abort); cause !== undefined; cause = abortBefore(histories, cause)) {
      // Each is of a lower call than the one before.
      chain.unshift(cause);
    }
    chain.forEach(add);
  }
  return [...advice.values()];
}

/** Calls that read and write the location, or add to it. */
function changersOf(calls: readonly CommittedCall[], location: number): number {
  return calls.filter(({ accesses }) =>
    accesses.some((each) => each.location === location && (each.isAdded || (each.isRead && each.isWritten))),
  ).length;
}

function adviceLines(advice: readonly Advice[]): string[] {
  if (advice.length === 0) return [];
  return ['What would have avoided it:', ...advice.map(({ text }) => `  ${text}.`)];
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
